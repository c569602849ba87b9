import { otlpFlags } from "#contract/agent-api.ts";
import type { System } from "#contract/state.ts";
import { AppError } from "../lib/app-error.ts";
import type { Counters } from "../lib/counters.ts";
import { decodeOtlp, type OtlpBody } from "../otlp/decode-otlp.ts";
import type { Decoded, Signal } from "../otlp/decoded.ts";
import { toBreakerReport } from "../telemetry/breaker-report.ts";
import { toInvariantReport } from "../telemetry/invariant-report.ts";
import type { StoredSpan } from "../telemetry/span.ts";
import type { Topology } from "../topology/topology-port.ts";

/*
 * One way in for telemetry, relayed by the agent or posted here directly:
 *   body ─▶ decode ─┬─ spans ──▶ span store, topology
 *                   ├─ logs ───▶ reports of breakers and invariants ─▶ topology
 *                   └─ gauges ─▶ topology
 */
export type IntakeParts = {
  spans: { add(spans: StoredSpan[]): void };
  topology: Pick<Topology, "onSpans" | "onBreaker" | "onInvariant" | "onGauges" | "setSystem">;
  counters: Counters;
};

/** How often the counts are shown, at most. */
const SHOW_EVERY_MS = 1_000;

export function createTelemetryIntake({ spans, topology, counters }: IntakeParts) {
  const counts: System["telemetry"] = { spansKept: 0, rejected: 0, dropped: 0 };
  let shownAt = 0;
  let timer: NodeJS.Timeout | undefined;
  const show = () => {
    shownAt = Date.now();
    timer = undefined;
    topology.setSystem({ telemetry: { ...counts } });
  };
  const showSoon = () => {
    timer ??= setTimeout(show, Math.max(0, shownAt + SHOW_EVERY_MS - Date.now()));
  };
  const count = (name: keyof typeof counts, series: string, by: number) => {
    if (by === 0) return;
    counts[name] += by;
    counters.add(series, {}, by);
    showSoon();
  };

  const intake = {
    /** What was kept and what was not; an AppError when the body cannot be decoded at all. */
    take(body: OtlpBody): Decoded {
      let decoded: Decoded;
      try {
        decoded = decodeOtlp(body);
      } catch (error) {
        count("rejected", "faultline_telemetry_rejected_total", 1);
        throw error;
      }
      if (decoded.spans.length > 0) {
        spans.add(decoded.spans);
        topology.onSpans(decoded.spans);
      }
      for (const log of decoded.logs) {
        const report = toBreakerReport(log);
        if (report) topology.onBreaker(report.caller, report.callee, report.breaker);
        const rule = report ? null : toInvariantReport(log);
        if (rule) topology.onInvariant(rule);
      }
      if (decoded.gauges.length > 0) topology.onGauges(decoded.gauges);
      count("spansKept", "faultline_spans_kept_total", decoded.spans.length);
      count("rejected", "faultline_telemetry_rejected_total", decoded.rejected);
      return decoded;
    },
    /** What the agent passed on; its sender has been answered already, so a bad body is only counted. */
    takeRelayed(signal: Signal, flags: number, bytes: Uint8Array): void {
      try {
        intake.take({ signal, json: (flags & otlpFlags.json) !== 0, gzip: (flags & otlpFlags.gzip) !== 0, bytes });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    },
    onDropped: (frames: number): void => count("dropped", "faultline_telemetry_dropped_total", frames),
    close: (): void => clearTimeout(timer),
  };
  return intake;
}
export type TelemetryIntake = ReturnType<typeof createTelemetryIntake>;
