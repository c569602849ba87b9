import type { Head } from "../http-messages.ts";
import type { Exchange, HttpTap } from "../http-tap.ts";
import { createPreciseTimer } from "../toxics/precise-timer.ts";
import type { Outlet, Stage } from "../toxics/toxic.ts";
import { type HitRequest, toHitRequest } from "./hit-request.ts";
import { toMarkedHead } from "./marked.ts";
import type { Rolls } from "./rolls.ts";

/*
 * What the caller sends, on its way to the callee. A head is held until it is complete and has been rolled for; what
 * is not hit passes as it came, cut only where it must be.
 *
 *   chunk ──▶ tap: where heads and messages end ──▶ line: what waits for its time, in order ──▶ callee
 *                          └ kept requests end here, and are owed a reply ◀── when their turn in the line has come
 */
export type RequestGate = Stage<void> & {
  requestHead(exchange: Exchange, head: Head, end: number): void;
  requestEnd(end: number): void;
  /** The caller gets no more answers on this connection: nothing that it sends goes on, and the callee gets the end. */
  hangUp(): void;
  readonly lostBy: string | null;
};

export type RequestGateParts = {
  outlet: Outlet;
  tap: HttpTap;
  rolls: Rolls;
  /** A request was kept; its reply is due in its place in the order of answers. */
  owe(request: HitRequest): void;
  /** And may be given from now on. */
  giveReply(request: HitRequest): void;
  /** How many replies are owed. */
  owed(): number;
};

/** What anything costs that waits, beside its bytes: many tiny ones are bounded by the link too. */
const OVERHEAD_BYTES = 1024;

type Waiting = { size: number; request: HitRequest | null; go(): void };

export function createRequestGate({ outlet, tap, rolls, owe, giveReply, owed }: RequestGateParts): RequestGate {
  /** Whose the bytes are that come: undecided while in a head, then this request's that was hit, or simply passed. */
  let bytesOf: HitRequest | "undecided" | "passing" = tap.midRequest ? "passing" : "undecided";
  let deaf = false;
  let chunk: Buffer = Buffer.alloc(0);
  /** In `chunk`: all before `done` is dealt with; the message that is being read begins at `begin`. */
  let done = 0;
  let begin = 0;
  /** An undecided head's bytes from earlier chunks; the tap gives up on one of more than 160 KB. */
  const head: Buffer[] = [];
  let leaving = tap.exchanges.find(({ leavesHttp }) => leavesHttp);
  let lostBy: string | null = null;
  const line: Waiting[] = [];
  let lineBytes = 0;
  const timer = createPreciseTimer(passDue);

  function queue(size: number, request: HitRequest | null, go: () => void): void {
    if (line.length === 0 && (request === null || request.dueAt() <= performance.now())) {
      go();
      return;
    }
    line.push({ size: size + OVERHEAD_BYTES, request, go });
    lineBytes += size + OVERHEAD_BYTES;
    if (line.length === 1) passDue();
  }
  function passDue(): void {
    timer.cancel();
    for (let first = line[0]; first; first = line[0]) {
      const dueAt = first.request?.dueAt() ?? 0;
      if (dueAt > performance.now()) {
        timer.arm(dueAt);
        return;
      }
      line.shift();
      lineBytes -= first.size;
      first.go();
    }
  }
  function pass(bytes: Buffer, request: HitRequest | null = null): void {
    if (bytes.length > 0) queue(bytes.length, request, () => outlet.write(bytes));
  }
  function passHead(): void {
    for (const bytes of head.splice(0)) pass(bytes);
  }
  /** The chunk's bytes before `to`, which nobody has dealt with. */
  function takeTo(to: number, request: HitRequest | null = null): void {
    if (!request?.isKept) pass(chunk.subarray(done, to), request);
    done = to;
  }
  /** A request to leave HTTP waits for its answer: what follows may be anything. */
  function isLeaving(): boolean {
    return leaving !== undefined && tap.exchanges.includes(leaving);
  }

  function hit(request: HitRequest, bytes: Buffer): void {
    const { exchange } = request;
    lostBy = request.lostBy;
    if (lostBy !== null) exchange.answeredBy = "nobody";
    if (request.reply) {
      exchange.answeredBy = "agent";
      owe(request);
    }
    if (request.isKept) return;
    queue(bytes.length, request, () => outlet.write(toMarkedHead(bytes, request.toMark(performance.now()))));
  }

  function finishChunk(): void {
    if (tap.off) {
      // Nobody can tell where a kept request ends any more.
      if (typeof bytesOf !== "string" && bytesOf.isKept) outlet.close();
      bytesOf = "passing";
    }
    if (typeof bytesOf !== "string") {
      takeTo(chunk.length, bytesOf);
    } else if (bytesOf === "undecided" && rolls.any && !isLeaving()) {
      takeTo(begin);
      if (begin < chunk.length) head.push(chunk.subarray(begin));
    } else {
      // Of an undecided head a part has passed now, so it can no more be hit.
      if (begin < chunk.length || head.length > 0) bytesOf = "passing";
      passHead();
      takeTo(chunk.length);
    }
  }

  return {
    get heldBytes() {
      let headBytes = 0;
      for (const bytes of head) headBytes += bytes.length;
      return lineBytes + headBytes + owed() * OVERHEAD_BYTES;
    },
    get lostBy() {
      return lostBy;
    },
    write(bytes) {
      if (deaf) return;
      chunk = bytes;
      done = 0;
      begin = 0;
      tap.request(bytes);
      if (!deaf) finishChunk();
    },
    requestHead(exchange, info, end) {
      if (bytesOf !== "undecided" || deaf) return;
      const hits = exchange.counted && !isLeaving() ? rolls.next() : [];
      if (exchange.leavesHttp) leaving = exchange;
      if (hits.length === 0) {
        passHead();
        bytesOf = "passing";
        return;
      }
      takeTo(begin);
      bytesOf = toHitRequest(exchange, info, hits, rolls);
      hit(bytesOf, Buffer.concat([...head.splice(0), chunk.subarray(begin, end)]));
      done = end;
    },
    requestEnd(end) {
      begin = end;
      if (deaf) return;
      const request = bytesOf;
      bytesOf = "undecided";
      if (typeof request === "string") return;
      takeTo(end, request);
      // No answer will ever follow a lost one on this connection.
      if (request.lostBy !== null) deaf = true;
      if (request.reply) queue(0, request, () => giveReply(request));
    },
    end() {
      passHead();
      queue(0, null, outlet.end);
    },
    change() {
      if (!rolls.any && head.length > 0) {
        passHead();
        bytesOf = "passing";
      }
      passDue();
    },
    release() {},
    stop() {
      timer.cancel();
      line.length = 0;
      head.length = 0;
      lineBytes = 0;
    },
    hangUp() {
      deaf = true;
      queue(0, null, outlet.end);
    },
  };
}
