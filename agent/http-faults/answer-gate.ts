import type { HttpTap } from "../http-tap.ts";
import type { Outlet, Stage } from "../toxics/toxic.ts";
import type { HitRequest } from "./hit-request.ts";
import { CONTINUE, toReplyBytes } from "./marked.ts";

/*
 * What the callee sends, on its way to the caller. Between its answers stand those that the agent gives in its place,
 * in the order of the requests; a lost answer ends here, and with it all that the caller hears.
 *
 *   chunk ──▶ tap: where answers end ──▶ caller
 *                  replies owed ─────────┘ each when it is the oldest request's
 */
export type AnswerGate = Stage<void> & {
  answerHead(isLast: boolean, end: number): void;
  answerEnd(end: number): void;
  owe(request: HitRequest): void;
  giveReply(request: HitRequest): void;
  /** The caller reads again. */
  giveReplies(): void;
  owed(): number;
};

export type AnswerGateParts = {
  outlet: Outlet;
  tap: HttpTap;
  /** The caller leaves lying what it has got. */
  callerIsFull(): boolean;
  /** The callee has answered, and the caller will not hear of it. */
  leaveCallee(): void;
  /** A reply was the caller's last on this connection. */
  hangUp(): void;
};

export function createAnswerGate({ outlet, tap, callerIsFull, leaveCallee, hangUp }: AnswerGateParts): AnswerGate {
  let chunk: Buffer = Buffer.alloc(0);
  /** In `chunk`: all before it is dealt with. */
  let done = 0;
  /** The bytes of what may be the head of a lost answer; an announcement is not lost. The tap bounds it. */
  const head: Buffer[] = [];
  let loses = false;
  let left = false;
  /** The callee's end or ours: nothing can be said to the caller any more. */
  let ended = false;
  /** Requests that get a reply of ours, oldest first. Bounded by the link, which reads no more requests when too many are owed. */
  const owed: HitRequest[] = [];

  function deliverTo(to: number): void {
    for (const bytes of head.splice(0)) outlet.write(bytes);
    if (done < to) outlet.write(chunk.subarray(done, to));
    done = to;
  }
  function isLosing(): boolean {
    return tap.exchanges[0]?.answeredBy === "nobody";
  }
  function leave(): void {
    if (left) return;
    left = true;
    leaveCallee();
  }

  function giveReplies(): void {
    for (let next = owed[0]; next && !ended && tap.exchanges[0] === next.exchange; next = owed[0]) {
      if (next.expectsContinue && !next.mayReply) outlet.write(CONTINUE);
      next.expectsContinue = false;
      if (!next.mayReply || callerIsFull()) return;
      owed.shift();
      outlet.write(toReplyBytes(next, next.toMark(performance.now())));
      tap.answeredHere(next.reply?.status ?? 0);
      if (next.keepAlive) continue;
      ended = true;
      outlet.end();
      hangUp();
    }
  }

  return {
    get heldBytes() {
      let sum = 0;
      for (const bytes of head) sum += bytes.length;
      return sum;
    },
    write(bytes) {
      if (left) return;
      chunk = bytes;
      done = 0;
      const losing = isLosing();
      tap.answer(bytes);
      if (left) return;
      if (tap.off && losing) {
        // Nobody can tell any more where the lost answer ends.
        leave();
      } else if (!isLosing()) {
        deliverTo(chunk.length);
      } else if (!loses && done < chunk.length) {
        head.push(chunk.subarray(done));
      }
    },
    answerHead(isLast, end) {
      if (!isLosing()) return;
      loses = isLast;
      if (isLast) head.length = 0;
      else deliverTo(end);
      done = end;
    },
    answerEnd(to) {
      if (loses) {
        leave();
        return;
      }
      const next = tap.exchanges[0];
      if (next === undefined || next.answeredBy === "callee") return;
      deliverTo(to);
      giveReplies();
    },
    end() {
      if (left || ended) return;
      // An answer that lasts until now is complete, and nothing can follow it.
      ended = true;
      tap.answersEnded();
      if (isLosing()) leave();
      else if (!left) outlet.end();
    },
    owe(request) {
      owed.push(request);
      giveReplies();
    },
    giveReply(request) {
      request.mayReply = true;
      giveReplies();
    },
    giveReplies,
    owed: () => (tap.off ? 0 : owed.length),
    change() {},
    release() {},
    stop() {
      head.length = 0;
      owed.length = 0;
    },
  };
}
