import { log, toReason } from "./log.ts";
import { flushTelemetry } from "./otel/flush.ts";

/** How long a service may take to finish what it has begun. Docker and the process runtime wait 3 s before they kill. */
const DRAIN_MS = 2_000;

/**
 * Ends the process on SIGTERM or SIGINT: the parts are closed in order, in DRAIN_MS at most, the last spans are sent, exit 0.
 * A second signal ends it at once.
 */
export function closeOnSignal(parts: { close(): unknown }[]) {
  let closing = false;
  const end = async (signal: string) => {
    if (closing) process.exit(1);
    closing = true;
    log(`${signal}: finishing`);
    setTimeout(() => process.exit(0), DRAIN_MS);
    for (const part of parts) {
      await Promise.resolve(part.close()).catch((error: unknown) => log(`while closing: ${toReason(error)}`));
    }
    await flushTelemetry();
    process.exit(0);
  };
  process.on("SIGTERM", () => void end("SIGTERM"));
  process.on("SIGINT", () => void end("SIGINT"));
}
