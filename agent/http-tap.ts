import type { EdgeCounter } from "./edge-stats.ts";
import { createMessageReader, type Head, methods } from "./http-messages.ts";

/*
 * Follows HTTP/1.x on one connection. Whatever goes wrong in it ends the tap, never the connection.
 *
 *   caller → callee bytes ──▶ request reader ──▶ exchanges: [first byte's time, method] … ──▶ counter
 *   callee → caller bytes ──▶ answer reader  ──▶ the oldest one is answered ──┘
 *
 * Alone it only looks: the bytes have passed before they come here. While HTTP faults hold, it is shown them first, and
 * tells its observer where in them each message begins and ends (http-faults/gate.ts).
 *
 * Health checks pass like all else, but are not counted: they serve nobody, and a 503 from one is its job, not a failure.
 * After an upgrade, a CONNECT, or bytes that are no HTTP, the tap is off, and what was waiting is forgotten.
 */
export type HttpTap = {
  request(chunk: Buffer): void;
  answer(chunk: Buffer): void;
  /** The callee will say no more: completes an answer that lasts until then. */
  answersEnded(): void;
  /** The caller has closed its side: HTTP callers that do so have given up on their answers. */
  callerEnded(): void;
  /** The callee's end has reached the caller: no other answer will come. */
  calleeEnded(): void;
  /** The connection is over; what was waiting stays unanswered. */
  closed(): void;
  /** Forgets what was waiting, uncounted: the callee was never reached. */
  forget(): void;
  /** Requests whose answer is not complete, oldest first. */
  readonly exchanges: readonly Exchange[];
  /** The oldest exchange has been answered by someone else than the callee. */
  answeredHere(status: number): void;
  observe(observer: TapObserver): void;
  /** Part of a request has been read and not all of it. */
  readonly midRequest: boolean;
  readonly off: boolean;
  readonly inFlight: number;
  /** When the oldest waiting request's first byte came, in `performance.now()` time; undefined when none waits. */
  readonly oldestAt: number | undefined;
};

/** A request and what is to answer it, as the caller sees it. */
export type Exchange = {
  startedAt: number;
  method: number;
  /** Neither a health check, nor counted already. */
  counted: boolean;
  /** Asks to leave HTTP; what follows may be something else. */
  leavesHttp: boolean;
  /** The agent: in the callee's place. Nobody: the callee's answer is lost. */
  answeredBy: "callee" | "agent" | "nobody";
};

/** Told while a chunk is being read; `end` is the offset in it, just behind the head or the message. */
export type TapObserver = {
  requestHead(exchange: Exchange, head: Head, end: number): void;
  requestEnd(end: number): void;
  /** `isLast`: no 100 Continue or the like, which only announces the answer. */
  answerHead(isLast: boolean, end: number): void;
  /** Of an answer that is not only an announcement. An exchange with its callee is over by now. */
  answerEnd(end: number): void;
};

/** Requests pipelined on one connection; more than this and the tap is off. */
const MAX_WAITING = 10_000;
/** The paths at which programs are commonly asked whether they live and are ready. */
const HEALTH_CHECK = /^\/(?:live|livez|ready|readyz|health|healthz)(?:\?|$)/;

export function createHttpTap(counter: EdgeCounter): HttpTap {
  let off = false;
  let waiting: Exchange[] = [];
  let now = 0;
  let requestStartedAt: number | null = null;
  let requestEnd = 0;
  let status = 0;
  let observer: TapObserver | undefined;

  const requests = createMessageReader("REQUEST", {
    head(head, end) {
      if (waiting.length === MAX_WAITING) throw new Error("too many requests wait");
      const exchange: Exchange = {
        startedAt: requestStartedAt ?? now,
        method: head.method,
        counted: !HEALTH_CHECK.test(head.url),
        leavesHttp: head.upgrade,
        answeredBy: "callee",
      };
      waiting.push(exchange);
      observer?.requestHead(exchange, head, end);
      return true;
    },
    complete(end) {
      requestStartedAt = null;
      requestEnd = end;
      observer?.requestEnd(end);
    },
  });

  const answers = createMessageReader("RESPONSE", {
    head({ statusCode }, end) {
      status = statusCode;
      observer?.answerHead(isLast(status), end);
      return status >= 200 && status !== 204 && status !== 304 && waiting[0]?.method !== methods.head;
    },
    complete(end) {
      if (!isLast(status)) return;
      const request = waiting[0];
      if (request?.answeredBy === "callee") finish(status);
      observer?.answerEnd(end);
      if (status === 101 || (request?.method === methods.connect && status < 300)) turnOff();
    },
  });

  function finish(status: number): void {
    const request = waiting.shift();
    if (request?.counted) counter.answered(status, now - request.startedAt);
  }
  function turnOff(): void {
    off = true;
    waiting = [];
  }
  function watch(step: () => void): void {
    if (off) return;
    now = performance.now();
    try {
      step();
    } catch {
      turnOff();
    }
  }
  /** Counted now, and followed on: an answer may still pass. */
  function giveUp(): void {
    const endedAt = performance.now();
    for (const exchange of waiting) {
      if (exchange.counted) counter.unanswered(endedAt - exchange.startedAt);
      exchange.counted = false;
    }
  }
  function end(): void {
    giveUp();
    turnOff();
  }
  return {
    request: (chunk) =>
      watch(() => {
        requestStartedAt ??= now;
        requestEnd = 0;
        requests.read(chunk, () => off);
        // The next one has begun behind the one that ended.
        if (requestEnd < chunk.length) requestStartedAt ??= now;
      }),
    answer: (chunk) => watch(() => answers.read(chunk, () => off)),
    answersEnded: () => watch(() => answers.finish()),
    callerEnded: giveUp,
    calleeEnded() {
      watch(() => answers.finish());
      end();
    },
    closed: end,
    forget: turnOff,
    get exchanges() {
      return waiting;
    },
    answeredHere(status) {
      now = performance.now();
      finish(status);
    },
    observe(by) {
      observer = by;
    },
    get midRequest() {
      return requestStartedAt !== null;
    },
    get off() {
      return off;
    },
    get inFlight() {
      let count = 0;
      for (const { counted } of waiting) if (counted) count++;
      return count;
    },
    get oldestAt() {
      return waiting.find(({ counted }) => counted)?.startedAt;
    },
  };
}

/** 100 Continue and its like announce the answer; 101 is one. */
function isLast(status: number): boolean {
  return status >= 200 || status === 101;
}
