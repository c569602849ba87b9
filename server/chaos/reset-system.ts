import { AppError, toAppError } from "../lib/app-error.ts";
import { wait } from "../lib/wait.ts";
import { withDeadline } from "../lib/with-deadline.ts";
import type { AgentClient } from "../system/agent-client.ts";
import type { InterposedSystem } from "../system/model.ts";
import type { Topology } from "../topology/topology-port.ts";
import { bringBack, LOOK_EVERY_MS } from "./bring-back.ts";
import { findResidue, findStaleness } from "./find-residue.ts";
import type { Policies } from "./policies.ts";
import { type RestartParts, restartSystem } from "./restart-system.ts";
import type { Who } from "./who.ts";

/*
 * Back to where the system began, without starting it anew where it can do that itself:
 *
 *   faults off, all brought back, nobody asks ─▶ quiet ─▶ POST /reset, one after the other ─▶ proof ─▶ the load is back
 *
 * Each step is bounded, and all of them together: what could not be done in time is named.
 */
export const RESET_LIMIT_MS = 17_500;
const BACK_LIMIT_MS = 9_000;
/** No user has asked for this long. */
const QUIET_MS = 600;
const QUIET_LIMIT_MS = 4_000;
/** One that has just come back may need a moment before it can. */
const ONE_RESET_LIMIT_MS = 7_000;
const RETRY_MS = 300;
/** Twice, and mostly a matter of milliseconds. */
const PUSH_LIMIT_MS = 1_000;
const MOST_BODY_CHARS = 200;

export type ResetParts = RestartParts & {
  policies: Pick<Policies, "calm" | "toDefault" | "toRest" | "restoreLoad">;
  agent: Pick<AgentClient, "reset">;
  topology: Pick<Topology, "snapshot" | "log" | "forgetInvariants">;
  /** Those that can reset themselves, in their order. */
  resets(): InterposedSystem["resets"];
  /** How long no user has asked for anything. */
  quietMs(): number;
};

/** Rejects with `timed_out` and a sentence for whatever is left. */
export async function resetSystem(parts: ResetParts, by: Who): Promise<void> {
  const { topology, policies } = parts;
  topology.log({ kind: "system", severity: "info", text: `reset by ${by}` });
  if (parts.resets().length === 0) return await restartSystem(parts, by);

  const startedAt = Date.now();
  const until = startedAt + RESET_LIMIT_MS;
  const left: string[] = [];
  const push = async (doing: string, work: Promise<void>) => {
    const pushed = withDeadline(work, PUSH_LIMIT_MS, `no answer within ${PUSH_LIMIT_MS / 1_000} s`);
    await pushed.catch((error) => void left.push(`${doing}: ${toAppError(error).message}`));
  };
  const atRest = { name: "the load could not be stopped", work: () => policies.toRest() };
  const back = withDeadline(bringBack(parts, [atRest]), BACK_LIMIT_MS, "not everything came back in time");
  const failures = await back.catch((error): string[] => [toAppError(error).message]);
  try {
    left.push(...(await awaitQuiet(parts, Math.min(until, Date.now() + QUIET_LIMIT_MS))));
    for (const { component, address } of parts.resets())
      left.push(...(await resetOne(parts, component, address, until)));
    const rules = Object.keys(topology.snapshot().invariants);
    topology.forgetInvariants();
    await push("the default policies could not be set", policies.toDefault(by, 0));
    left.push(...(await prove(parts, rules, until)));
  } finally {
    await push("the load could not be restored", policies.restoreLoad());
  }
  if (left.length > 0) {
    const text = [...failures, ...left].join("; ");
    topology.log({ kind: "system", severity: "bad", text: `not everything is reset: ${text}` });
    throw new AppError("timed_out", `Not everything is as it was at the start: ${text}.`);
  }
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
  topology.log({ kind: "system", severity: "good", text: `everything is as it was at the start, after ${seconds} s` });
}

async function awaitQuiet({ quietMs, topology }: ResetParts, until: number): Promise<string[]> {
  const isSettable = () => topology.snapshot().system.loadRatePerSecond !== null;
  while (isSettable() && quietMs() < QUIET_MS) {
    if (Date.now() >= until) return ["users still ask, though the load is 0"];
    await wait(LOOK_EVERY_MS);
  }
  return [];
}

/** Asked until it says that it is done, or its time is up. Resolves with what is left, a sentence at most. */
async function resetOne({ agent }: ResetParts, component: string, address: string, until: number): Promise<string[]> {
  const giveUpAt = Math.min(until, Date.now() + ONE_RESET_LIMIT_MS);
  let why = "no time was left for it";
  while (Date.now() < giveUpAt) {
    try {
      const limitMs = giveUpAt - Date.now();
      const { status, body } = await withDeadline(agent.reset(address), limitMs, "it did not answer in time");
      if (status >= 200 && status < 300) return [];
      why = `it answered ${status} ${body.slice(0, MOST_BODY_CHARS)}`.trimEnd();
      // It has no such thing, and will have none in a moment either.
      if (status === 404 || status === 405) break;
    } catch (error) {
      why = toAppError(error).message;
    }
    await wait(RETRY_MS);
  }
  return [`${component} is not reset: ${why}`];
}

async function prove({ topology }: ResetParts, rules: string[], until: number): Promise<string[]> {
  for (;;) {
    await wait(LOOK_EVERY_MS);
    const snapshot = topology.snapshot();
    const residue = [...findResidue(snapshot), ...findStaleness(snapshot, rules)];
    if (residue.length === 0 || Date.now() >= until) return residue;
  }
}
