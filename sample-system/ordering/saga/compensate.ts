import { type Compensating, callForHelp, type Effect, type Input, pauseMs, type Transition } from "./state.ts";
import { type Step, steps, toDecision } from "./steps.ts";

/*
 * The way back:
 *
 *   compensate ─▶ every step that was sent is undone ─▶ sent again until each has answered ─▶ over
 *                                                  └─▶ CANCELLED, as soon as what the customer waits for is undone
 */

/**
 * Undoes backwards what was sent, the last step too: it may have been done without our knowing. The steps do not wait for
 * each other, so that one participant's outage holds up nothing but its own.
 */
export function compensate(last: Step, now: number, reason: string): Transition {
  const sent = steps.slice(0, steps.indexOf(last) + 1);
  const pending = sent.reverse().map(({ id }) => id);
  return {
    saga: { phase: "compensating", pending, reason, cancelled: false, sends: 1, dueAt: now + pauseMs(1) },
    effects: pending.map((id) => undo(id, "send", "sent")),
  };
}

export function compensateOn(saga: Compensating, input: Input, now: number): Transition {
  if (input.kind === "due") return sendAgain(saga, now);
  const undone = input.kind === "reply" && saga.pending.find((id) => toDecision(id).undo.done === input.name);
  if (!undone) return { saga, effects: [] };
  const pending = saga.pending.filter((id) => id !== undone);
  const cancelled = pending.every((id) => !toDecision(id).undo.awaited);
  const effects = [undo(undone, "note", "compensated")];
  if (cancelled && !saga.cancelled) {
    const { reason } = saga;
    effects.push({ do: "cancel", step: "T1", command: "order", outcome: "CANCELLED", reason, compensation: true });
  }
  if (pending.length === 0) return { saga: { phase: "over", dueAt: null }, effects };
  return { saga: { ...saga, pending, cancelled }, effects };
}

function sendAgain(saga: Compensating, now: number): Transition {
  const sends = saga.sends + 1;
  const next = { ...saga, sends, dueAt: now + pauseMs(sends) };
  const help = saga.pending.slice(0, 1).flatMap((id) => callForHelp(saga, next, id, toDecision(id).undo.command));
  return { saga: next, effects: [...saga.pending.map((id) => undo(id, "send", "sent again")), ...help] };
}

function undo(id: string, what: "send" | "note", outcome: string): Effect {
  return { do: what, step: id, command: toDecision(id).undo.command, outcome, compensation: true };
}
