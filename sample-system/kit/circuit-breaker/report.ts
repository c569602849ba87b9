import { type Attributes, logs, SeverityNumber } from "@opentelemetry/api";
import type { BreakerSnapshot, CircuitBreaker } from "./breaker.ts";

/*
 * Tells the world how a breaker stands, as OTLP log records with event name `circuitbreaker`.
 *
 *   transition ─▶ at once
 *   every 500 ms  when a counter changed, or while it is open or half-open
 *   every 5 s     in any case, so that whoever starts to listen late learns it
 *
 * `circuitbreaker.name` and `.state` are the names proposed to OpenTelemetry; the rest follow them.
 */
const CHANGED_EVERY_MS = 500;
const ANYWAY_EVERY_MS = 5_000;

export type BreakerReport = { transition(): void; close(): void };

export function reportBreaker(breaker: CircuitBreaker, callee: string): BreakerReport {
  const logger = logs.getLogger("corner-shop.circuit-breaker");
  let last = "";
  let lastAt = 0;

  function emit(snapshot: BreakerSnapshot, severityNumber: SeverityNumber) {
    last = JSON.stringify(snapshot);
    lastAt = Date.now();
    logger.emit({
      eventName: "circuitbreaker",
      severityNumber,
      body: snapshot.reason,
      attributes: toAttributes(snapshot, callee),
    });
  }

  function tick() {
    const snapshot = breaker.snapshot();
    const moving = snapshot.state === "open" || snapshot.state === "half_open";
    const due = Date.now() - lastAt >= ANYWAY_EVERY_MS;
    if (moving || due || JSON.stringify(snapshot) !== last) emit(snapshot, SeverityNumber.INFO);
  }

  const timer = setInterval(tick, CHANGED_EVERY_MS);
  timer.unref();
  tick();

  return {
    transition() {
      const snapshot = breaker.snapshot();
      emit(snapshot, snapshot.state === "open" ? SeverityNumber.WARN : SeverityNumber.INFO);
    },
    close: () => clearInterval(timer),
  };
}

export function toAttributes(snapshot: BreakerSnapshot, callee: string): Attributes {
  const { settings, counts } = snapshot;
  return {
    "event.name": "circuitbreaker",
    "service.peer.name": callee,
    "circuitbreaker.name": snapshot.name,
    "circuitbreaker.state": snapshot.state,
    "circuitbreaker.since": snapshot.since,
    "circuitbreaker.reason": snapshot.reason,
    "circuitbreaker.calls": counts.calls,
    "circuitbreaker.failures": counts.failures,
    "circuitbreaker.slow": counts.slow,
    "circuitbreaker.minimum_calls": settings.minimumCalls,
    "circuitbreaker.failure_rate_percent": settings.failureRatePercent,
    "circuitbreaker.slow_rate_percent": settings.slowRatePercent,
    "circuitbreaker.slow_call_ms": settings.slowCallMs,
    "circuitbreaker.window_ms": settings.windowMs,
    "circuitbreaker.refused": snapshot.refused,
    "circuitbreaker.permitted_probes": settings.permittedProbes,
    ...(snapshot.openUntil === undefined ? {} : { "circuitbreaker.open_until": snapshot.openUntil }),
    ...(snapshot.probes === undefined ? {} : { "circuitbreaker.probes": snapshot.probes }),
  };
}
