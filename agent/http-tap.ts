import { HTTPParser } from "http-parser-js";
import type { EdgeCounter } from "./edge-stats.ts";

/*
 * Watches HTTP/1.x go by on one connection. It only looks: the bytes have passed before they come here, and whatever
 * goes wrong in it ends the tap, never the connection.
 *
 *   caller → callee bytes ──▶ request parser ──▶ waiting: [first byte's time, method] …
 *   callee → caller bytes ──▶ answer parser  ──▶ the oldest waiting one is answered ──▶ counter
 *
 * Health checks pass like all else, but are not counted: they serve nobody, and a 503 from one is its job, not a failure.
 * After an upgrade, a CONNECT, or bytes that are no HTTP, the tap is off, and what was waiting is forgotten.
 */
export type HttpTap = {
  request(chunk: Buffer): void;
  answer(chunk: Buffer): void;
  /** The caller has closed its side: HTTP callers that do so have given up on their answers. */
  callerEnded(): void;
  /** The callee has closed its side: completes an answer that lasts until then; no other will come. */
  calleeEnded(): void;
  /** The connection is over; what was waiting stays unanswered. */
  closed(): void;
  /** Forgets what was waiting, uncounted: the callee was never reached. */
  forget(): void;
  readonly inFlight: number;
  /** When the oldest waiting request's first byte came, in `performance.now()` time; undefined when none waits. */
  readonly oldestAt: number | undefined;
};

/** Bytes without a headline, a header or a piece of body: more than this is no HTTP. The parser keeps up to this much. */
const MAX_QUIET_BYTES = 160 * 1024;
/** Requests pipelined on one connection; more than this and the tap is off. */
const MAX_WAITING = 10_000;

type Waiting = { startedAt: number; method: number; counted: boolean };
/** The paths at which programs are commonly asked whether they live and are ready. */
const HEALTH_CHECK = /^\/(?:live|livez|ready|readyz|health|healthz)(?:\?|$)/;
const HEAD = HTTPParser.methods.indexOf("HEAD");
const CONNECT = HTTPParser.methods.indexOf("CONNECT");
const SKIP_BODY = 1;

export function createHttpTap(counter: EdgeCounter): HttpTap {
  let off = false;
  let waiting: Waiting[] = [];
  let now = 0;
  let requestStartedAt: number | null = null;
  let status = 0;

  const requests = createParser("REQUEST", {
    headers({ method, url, headers }) {
      checkLengths(headers);
      if (waiting.length === MAX_WAITING) throw new Error("too many requests wait");
      waiting.push({ startedAt: requestStartedAt ?? now, method, counted: !HEALTH_CHECK.test(url) });
      return true;
    },
    complete() {
      requestStartedAt = null;
    },
  });

  const answers = createParser("RESPONSE", {
    headers({ statusCode, headers }) {
      checkLengths(headers);
      status = statusCode;
      return waiting[0]?.method !== HEAD;
    },
    complete() {
      // 100 Continue and its like announce the answer; 101 is one.
      if (status < 200 && status !== 101) return;
      const request = waiting.shift();
      if (request?.counted) counter.answered(status, now - request.startedAt);
      if (status === 101 || (request?.method === CONNECT && status < 300)) turnOff();
    },
  });

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
  function giveUp(): void {
    const endedAt = performance.now();
    for (const { startedAt, counted } of waiting) if (counted) counter.unanswered(endedAt - startedAt);
    turnOff();
  }
  return {
    request: (chunk) =>
      watch(() => {
        requestStartedAt ??= now;
        requests.execute(chunk, () => off);
      }),
    answer: (chunk) => watch(() => answers.execute(chunk, () => off)),
    callerEnded: giveUp,
    calleeEnded() {
      watch(() => answers.finish());
      giveUp();
    },
    closed: giveUp,
    forget: turnOff,
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

type Head = { method: number; url: string; statusCode: number; headers: string[] };
/** `headers` answers whether the message has a body to read. */
type Handlers = { headers(head: Head): boolean; complete(): void };

/** The library's parser, with the limits that it lacks. Throws on whatever is no HTTP. */
function createParser(type: "REQUEST" | "RESPONSE", handlers: Handlers) {
  const parser = new HTTPParser(type);
  let quietBytes = 0;

  parser[HTTPParser.kOnHeadersComplete] = (head) => {
    quietBytes = 0;
    return handlers.headers(head) ? 0 : SKIP_BODY;
  };
  parser[HTTPParser.kOnBody] = (_chunk, _offset, length) => {
    quietBytes = 0;
    // A negative chunk size would send the parser backwards, for ever.
    if (!(length >= 0)) throw new Error("negative length");
  };
  parser[HTTPParser.kOnMessageComplete] = () => {
    quietBytes = 0;
    handlers.complete();
  };
  return {
    execute(chunk: Buffer, stopped: () => boolean): void {
      quietBytes += chunk.length;
      // It stops early after a request that asks for an upgrade, which the callee may decline: so until all is read.
      for (let at = 0; at < chunk.length && !stopped(); ) {
        const read = parser.execute(chunk, at, chunk.length - at);
        if (!(typeof read === "number" && read > 0)) throw new Error("no HTTP");
        at += read;
      }
      if (quietBytes > MAX_QUIET_BYTES) throw new Error("no HTTP");
    },
    finish(): void {
      parser.finish();
    },
  };
}

/** The parser takes any content-length as a number; a negative one would send it backwards, for ever. */
function checkLengths(headers: string[]): void {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (
      headers[i]?.length === 14 &&
      headers[i]?.toLowerCase() === "content-length" &&
      !/^\d+$/.test(headers[i + 1] ?? "")
    )
      throw new Error("no length");
  }
}
