import type { HttpTap } from "../http-tap.ts";
import type { Link } from "../link.ts";
import { type AnswerGate, createAnswerGate } from "./answer-gate.ts";
import { createRequestGate, type RequestGate } from "./request-gate.ts";
import type { Rolls } from "./rolls.ts";

/*
 * Where HTTP faults act on one connection: at the caller's end of both links, so that toxics act on what they let
 * through. It is put in when the first HTTP fault comes, and stays as long as the connection, at a glance per chunk.
 *
 *   caller ──▶ request gate ──▶ toxics ──▶ callee
 *   caller ◀── answer gate ◀─── toxics ◀── callee
 */
export type Gate = {
  /** Settings have changed or a fault was removed: what it held back goes on. */
  settle(): void;
  /** The fault that has taken, or will take, the reply that the caller waits for. */
  readonly lostBy: string | null;
};

export type GateParts = {
  up: Link;
  down: Link;
  tap: HttpTap;
  rolls: Rolls;
  /** Tells whether the caller leaves lying what it has got, and when it reads again. */
  callerIsFull(): boolean;
  onCallerReads(listener: () => void): void;
  /** Closes the callee's connection cleanly; the caller's stays. */
  leaveCallee(): void;
};

const GATE = "http faults";

export function openGate({ up, down, tap, rolls, callerIsFull, onCallerReads, leaveCallee }: GateParts): Gate {
  const answers: AnswerGate = down.insert(
    GATE,
    (outlet) => createAnswerGate({ outlet, tap, callerIsFull, leaveCallee, hangUp: () => requests.hangUp() }),
    "last",
  );
  const { owe, giveReply, owed } = answers;
  const requests: RequestGate = up.insert(
    GATE,
    (outlet) => createRequestGate({ outlet, tap, rolls, owe, giveReply, owed }),
    "first",
  );
  const { requestHead, requestEnd } = requests;
  const { answerHead, answerEnd } = answers;
  tap.observe({ requestHead, requestEnd, answerHead, answerEnd });
  const settle = () => up.change(GATE, undefined);
  onCallerReads(() => {
    answers.giveReplies();
    settle();
  });
  return {
    settle,
    get lostBy() {
      return requests.lostBy;
    },
  };
}
