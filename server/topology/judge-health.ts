import type { Breaker } from "#contract/breaker.ts";
import type { ComponentState, Health } from "#contract/state.ts";
import type { RedReading } from "../telemetry/red-window.ts";
import { isDown } from "./component-life.ts";
import { toDuration, toPercent } from "./to-words.ts";

/*
 * Health of an edge or a component: every violated rule with its numbers, the worst wins, the first among equals.
 * No traffic is idle, never unknown.
 */
export type Verdict = { health: Health; reason?: string };

/**
 * Shares of failed calls, and of calls refused with 4xx. A refusal is an answer, and a rate limit that does its work refuses
 * most: it never makes a line fail. One 4xx among few calls is no sign of anything.
 */
const ERROR_FAILING = 0.1;
const CLIENT_ERROR = { degraded: 0.1, atLeast: 3 };
/** Slow is what exceeds the steady state this many times, and by so many milliseconds. */
const SLOW = { times: 3, byMs: 50 };
/** The same for a request that still waits; the last where no steady state is known yet. */
const WAITING = { times: 3, byMs: 300, unknownMs: 1_000 };
/** Calls wait for so long, and not one was answered meanwhile: that is total failure, even without an error. */
const NOTHING_ANSWERED_MS = 3_000;

const severity: Record<Health, number> = { idle: 0, ok: 1, degraded: 2, failing: 3 };

export type EdgeEvidence = {
  reading: RedReading;
  /** Age of the oldest request that waits for an answer, null when none does. */
  waitingMs: number | null;
  breaker: Breaker | null;
  /** A fault that the agent has confirmed keeps the listener closed, which the agent cannot count and few callers tell. */
  closed: boolean;
  /** The p95 in calm times, null while unknown. */
  steadyMs: number | null;
};

export function judgeEdge({ reading, waitingMs, breaker, closed, steadyMs }: EdgeEvidence): Verdict {
  const idle = reading.count === 0 && waitingMs === null;
  return worst(idle, [
    judgeBreaker(breaker),
    closed && { health: "failing", reason: "connections are refused" },
    ...judgeErrors(reading),
    judgeWaiting(waitingMs, steadyMs, reading),
    judgeSlowness(reading, steadyMs),
  ]);
}

export type ComponentEvidence = {
  state: ComponentState;
  exitCode: number | null | undefined;
  reading: RedReading;
  /** Whether `reading` is its own account, from server or consumer spans; others' view of it does not convict it. */
  own: boolean;
  steadyMs: number | null;
  /** Its calls that fail: "ordering→inventory: 100 % failed (14 of 14)". */
  failingCalls: string[];
};

export function judgeComponent(evidence: ComponentEvidence): Verdict {
  const { state, exitCode, reading, own, steadyMs, failingCalls } = evidence;
  if (isDown(state)) {
    const code = typeof exitCode === "number" ? `, exit ${exitCode}` : "";
    return { health: "failing", reason: `${state}${code}` };
  }
  if (state === "paused") return { health: "failing", reason: "paused" };
  if (state !== "running") return { health: "idle" };
  return worst(reading.count === 0, [
    ...(own ? judgeErrors(reading) : []),
    failingCalls.length > 0 && { health: "degraded" as const, reason: failingCalls.join("; ") },
    own && judgeSlowness(reading, steadyMs),
  ]);
}

function judgeBreaker(breaker: Breaker | null): Verdict | false {
  if (breaker?.state === "open") {
    const why = breaker.reason.replace(/^opened: /, "");
    return { health: "failing", reason: why === "" ? "breaker open" : `breaker open: ${why}` };
  }
  if (breaker?.state === "forced_open") return { health: "failing", reason: "breaker forced open" };
  if (breaker?.state !== "half_open") return false;
  const probes = `${breaker.probes ?? 0} of ${breaker.permittedProbes} probes done`;
  return { health: "degraded", reason: `breaker half-open: ${probes}` };
}

function judgeErrors({ count, errors, clientErrors }: RedReading): (Verdict | false)[] {
  if (count === 0) return [];
  const failed = errors / count;
  const refused = clientErrors / count;
  const of = (part: number) => `(${part} of ${count})`;
  return [
    errors > 0 && {
      health: failed >= ERROR_FAILING ? "failing" : "degraded",
      reason: `${toPercent(failed)} failed ${of(errors)}`,
    },
    clientErrors >= CLIENT_ERROR.atLeast &&
      refused >= CLIENT_ERROR.degraded && {
        health: "degraded",
        reason: `${toPercent(refused)} answered with 4xx ${of(clientErrors)}`,
      },
  ];
}

function judgeWaiting(waitingMs: number | null, steadyMs: number | null, { count }: RedReading): Verdict | false {
  if (waitingMs === null) return false;
  if (count === 0 && waitingMs > NOTHING_ANSWERED_MS) {
    return { health: "failing", reason: `nothing is answered, oldest request has waited ${toDuration(waitingMs)}` };
  }
  const limitMs = steadyMs === null ? WAITING.unknownMs : Math.max(WAITING.times * steadyMs, steadyMs + WAITING.byMs);
  return waitingMs > limitMs && { health: "degraded", reason: `oldest request has waited ${toDuration(waitingMs)}` };
}

function judgeSlowness({ p95Ms, nextToSlowestMs }: RedReading, steadyMs: number | null): Verdict | false {
  if (p95Ms === null || nextToSlowestMs === null || steadyMs === null) return false;
  const limitMs = Math.max(SLOW.times * steadyMs, steadyMs + SLOW.byMs);
  if (Math.min(p95Ms, nextToSlowestMs) <= limitMs) return false;
  return { health: "degraded", reason: `p95 ${toDuration(p95Ms)}, steady state ${toDuration(steadyMs)}` };
}

function worst(idle: boolean, verdicts: (Verdict | false)[]): Verdict {
  let result: Verdict = { health: idle ? "idle" : "ok" };
  for (const verdict of verdicts) {
    if (verdict && severity[verdict.health] > severity[result.health]) result = verdict;
  }
  return result;
}
