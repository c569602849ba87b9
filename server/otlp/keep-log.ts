import type { LogRecord } from "../telemetry/log-record.ts";
import type { Decoded } from "./decoded.ts";

/** Any log record is kept; its time falls back to when it was observed, its name to the older `event.name` attribute. */
export function keepLog(into: Decoded, log: LogRecord, observedNanos: bigint): void {
  if (log.atNanos <= 0n) log.atNanos = observedNanos;
  const olderName = log.attributes["event.name"];
  if (log.eventName === "" && typeof olderName === "string") log.eventName = olderName;
  log.traceId ||= null;
  log.spanId ||= null;
  into.logs.push(log);
}
