import { compensate, compensateOn } from "./compensate.ts";
import { callForHelp, type Effect, type Forward, type Input, pauseMs, type Saga, type Transition } from "./state.ts";
import { type Decision, type Step, steps, toStep } from "./steps.ts";

/*
 * The checkout saga as a pure state machine: a state and an input give the next state and what is to be done.
 *
 *   begin ─▶ forward T2 … T6 ────────────▶ over (CONFIRMED)
 *               │ refused, or unknown for too long
 *               └─▶ compensating ────────▶ over (CANCELLED on the way)
 *
 * A deadline that passes means *unknown*, never *no*: the participant is asked, and only who has not heard of the order is
 * sent the command again, once. Whatever does not fit the state (a late or doubled reply) changes nothing.
 */

/** Until its answer is noted, a question is asked again after this long: whoever asked may have died. */
const ASK_LEASE_MS = 3_000;

export function begin(now: number): Transition {
  return goOn(undefined, now, [{ do: "note", step: "T1", command: "order", outcome: "PENDING" }]);
}

export function advance(saga: Saga, input: Input, now: number): Transition {
  if (saga.phase === "compensating") return compensateOn(saga, input, now);
  if (saga.phase === "over") return unchanged(saga);
  const step = toStep(saga.step);
  const { decision } = step;
  if (input.kind === "reply") {
    if (input.name === step.done) return goOn(step, now, [note(step, "answered")]);
    if (input.name === decision?.refused) return refuse(step, input.reason, now);
    return unchanged(saga);
  }
  if (!decision) return input.kind === "due" ? sendUntilDone(saga, step, now) : unchanged(saga);
  if (input.kind === "due") return ask(saga, step, decision, now);
  return input.step === step.id ? hear(saga, step, decision, input, now) : unchanged(saga);
}

/** The step after this one is sent; after the last the order is CONFIRMED. */
function goOn(done: Step | undefined, now: number, effects: Effect[]): Transition {
  const next = steps[done ? steps.indexOf(done) + 1 : 0];
  if (!next) {
    const confirm: Effect = { do: "confirm", step: "T7", command: "order", outcome: "CONFIRMED" };
    return { saga: { phase: "over", dueAt: null }, effects: [...effects, confirm] };
  }
  const dueAt = now + (next.decision?.deadlineMs ?? pauseMs(1));
  return {
    saga: { phase: "forward", step: next.id, sends: 1, asks: 0, deadlineAt: dueAt, dueAt },
    effects: [...effects, send(next, "sent")],
  };
}

function sendUntilDone(saga: Forward, step: Step, now: number): Transition {
  const sends = saga.sends + 1;
  const next = { ...saga, sends, dueAt: now + pauseMs(sends) };
  return { saga: next, effects: [send(step, "sent again"), ...callForHelp(saga, next, step.id, step.command)] };
}

function ask(saga: Forward, step: Step, decision: Decision, now: number): Transition {
  if (now >= saga.deadlineAt + decision.patienceMs) return giveUp(step, now);
  const first = saga.asks === 0 ? [note(step, "unknown")] : [];
  const round = saga.asks + 1;
  return {
    saga: { ...saga, asks: round, dueAt: now + ASK_LEASE_MS },
    effects: [...first, { do: "ask", step: step.id, command: step.command, outcome: "asked", round }],
  };
}

function hear(
  saga: Forward,
  step: Step,
  decision: Decision,
  { outcome, round, reason }: Extract<Input, { kind: "asked" }>,
  now: number,
): Transition {
  // Done stays done, and no stays no, however old the answer is; what was not decided may have been since.
  if (outcome === "done") return goOn(step, now, [note(step, "found done")]);
  if (outcome === "refused") return refuse(step, reason, now);
  if (round !== saga.asks) return unchanged(saga);
  const giveUpAt = saga.deadlineAt + decision.patienceMs;
  if (now >= giveUpAt) return giveUp(step, now);
  if (outcome !== "unknown") {
    const dueAt = Math.min(now + pauseMs(saga.asks), giveUpAt);
    return { saga: { ...saga, dueAt }, effects: [note(step, outcome)] };
  }
  if (saga.sends > 1) return compensate(step, now, `${step.participant} does not know of the order`);
  const dueAt = Math.min(now + decision.deadlineMs, giveUpAt);
  return { saga: { ...saga, sends: 2, dueAt }, effects: [send(step, "sent again")] };
}

function refuse(step: Step, said: string | undefined, now: number): Transition {
  const reason = said ?? `${step.participant} refused`;
  const { saga, effects } = compensate(step, now, reason);
  return { saga, effects: [{ ...note(step, "refused"), reason }, ...effects] };
}

function giveUp(step: Step, now: number): Transition {
  const { saga, effects } = compensate(step, now, `${step.participant} did not answer in time`);
  return { saga, effects: [note(step, "given up"), ...effects] };
}

const unchanged = (saga: Saga): Transition => ({ saga, effects: [] });
const note = (step: Step, outcome: string): Effect => ({ do: "note", step: step.id, command: step.command, outcome });
const send = (step: Step, outcome: string): Effect => ({ do: "send", step: step.id, command: step.command, outcome });
