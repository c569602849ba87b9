import { z } from "zod";
import type { Edge } from "../../kit/calls/call-edge.ts";
import type { Question } from "./run-saga.ts";
import type { Outcome } from "./state.ts";
import { type Participant, toDecision, toStep } from "./steps.ts";

/** Asks a participant by order id what became of a command. Never rejects: no answer is an outcome too. */
export type AskOutcome = (question: Question) => Promise<{ outcome: Outcome; reason?: string }>;
export type Participants = Record<Participant, Pick<Edge, "call">>;

/** However patient the edge is: well before the saga asks again. */
const ASK_TIMEOUT_MS = 2_000;
const answer = z.object({ state: z.string(), reason: z.string().max(500).optional() });

/**
 * `canSend` says whether commands reach anybody at present. While they do not, a participant that has not heard of an order
 * says nothing about it: the command may still wait in our own outbox.
 */
export function createAskOutcome(participants: Participants, canSend: () => boolean): AskOutcome {
  return async ({ orderId, step }) => {
    const { participant } = toStep(step);
    const { ask } = toDecision(step);
    const request = {
      method: "GET",
      path: `${ask.path}/${orderId}`,
      template: `${ask.path}/:orderId`,
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    } as const;
    try {
      const { status, body } = await participants[participant].call(request);
      if (status !== 200) return { outcome: "unreachable" };
      const { state, reason } = answer.parse(body);
      if (ask.done.includes(state)) return { outcome: "done" };
      if (ask.refused.includes(state)) return { outcome: "refused", reason: reason ?? `${participant}: ${state}` };
      if (state !== "unknown") return { outcome: "in_progress" };
      return { outcome: canSend() ? "unknown" : "unreachable" };
    } catch {
      return { outcome: "unreachable" };
    }
  };
}
