import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fromBucket } from "#contract/log-linear.ts";
import { createEdgeCounter } from "./edge-stats.ts";
import { createHttpTap } from "./http-tap.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start() {
  const counter = createEdgeCounter("a->b");
  const tap = createHttpTap(counter);
  const take = () => counter.take({ connections: 1, inFlight: tap.inFlight, oldestMs: 0 });
  return {
    tap,
    take,
    ask: (text: string) => tap.request(Buffer.from(text)),
    answer: (text: string) => tap.answer(Buffer.from(text)),
  };
}
const GET = "GET / HTTP/1.1\r\nhost: b\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

describe("the HTTP tap", () => {
  test("counts requests of a kept-alive connection by status", () => {
    const { take, ask, answer } = start();
    for (const status of [200, 201, 302, 404, 429, 500, 503]) {
      ask(GET);
      answer(`HTTP/1.1 ${status} X\r\ncontent-length: 0\r\n\r\n`);
    }
    expect(take()).toMatchObject({ requests: 7, clientErrors: 2, serverErrors: 2, unanswered: 0, inFlight: 0 });
  });

  test("lets health checks pass uncounted, answered, waiting or given up", () => {
    const { tap, take, ask, answer } = start();
    for (const path of ["/ready", "/live", "/healthz?full=1"]) {
      ask(`GET ${path} HTTP/1.1\r\nhost: b\r\n\r\n`);
      answer("HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n");
    }
    ask("GET /ready HTTP/1.1\r\nhost: b\r\n\r\n");
    expect([tap.inFlight, tap.oldestAt]).toEqual([0, undefined]);
    ask("GET /readymade HTTP/1.1\r\nhost: b\r\n\r\n");
    expect(tap.inFlight).toBe(1);
    tap.closed();
    expect(take()).toMatchObject({ requests: 1, serverErrors: 0, unanswered: 1 });
  });

  test("measures from the request's first byte to the answer's last", () => {
    const { take, ask, answer } = start();
    ask("POST / HTTP/1.1\r\n");
    vi.advanceTimersByTime(100);
    ask("content-length: 4\r\n\r\nab");
    vi.advanceTimersByTime(100);
    ask("cd");
    answer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no");
    vi.advanceTimersByTime(100);
    answer("k");
    const [[bucket, count] = [0, 0]] = take()?.latency ?? [];
    expect(count).toBe(1);
    expect(Math.abs(fromBucket(bucket) - 300_000)).toBeLessThan(300_000 * 0.016);
  });

  test("tells how many wait, and since when the oldest does", () => {
    const { tap, ask, answer } = start();
    expect(tap.oldestAt).toBeUndefined();
    const first = performance.now();
    ask(GET);
    vi.advanceTimersByTime(50);
    ask(GET);
    expect([tap.inFlight, tap.oldestAt]).toEqual([2, first]);
    answer(OK);
    expect([tap.inFlight, tap.oldestAt]).toEqual([1, first + 50]);
  });

  test("counts pipelined requests and chunked bodies, however the bytes are cut", () => {
    const chunked = "transfer-encoding: chunked\r\n\r\n4\r\nwiki\r\n5;x=y\r\npedia\r\n0\r\ntrailer: t\r\n\r\n";
    const questions = `${GET}POST /x HTTP/1.1\r\n${chunked}HEAD / HTTP/1.1\r\n\r\n${GET}`;
    const answers = `HTTP/1.1 200 OK\r\n${chunked}HTTP/1.1 100 Continue\r\n\r\n${OK}HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nHTTP/1.1 503 No\r\n${chunked}`;
    for (const size of [1, 2, 3, 7, 64, 10_000]) {
      const { take, ask, answer } = start();
      for (let at = 0; at < questions.length; at += size) ask(questions.slice(at, at + size));
      for (let at = 0; at < answers.length; at += size) answer(answers.slice(at, at + size));
      expect(take()).toMatchObject({ requests: 4, serverErrors: 1, unanswered: 0, inFlight: 0 });
    }
  });

  test("takes an answer that lasts until the callee closes as complete then", () => {
    const { tap, take, ask, answer } = start();
    ask(GET);
    answer("HTTP/1.1 200 OK\r\n\r\nso much");
    expect(tap.inFlight).toBe(1);
    tap.calleeEnded();
    expect(take()).toMatchObject({ requests: 1, unanswered: 0 });
  });

  test.each(["callerEnded", "calleeEnded", "closed"] as const)("counts what waits as unanswered when %s", (how) => {
    const { tap, take, ask, answer } = start();
    ask(GET + GET);
    answer(`${OK}HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf`);
    tap[how]();
    tap.closed();
    expect(take()).toMatchObject({ requests: 2, unanswered: 1, inFlight: 0 });
  });

  test("forgets what was asked of a callee that was never reached", () => {
    const { tap, take, ask } = start();
    ask(GET);
    tap.forget();
    tap.closed();
    expect(take()).toMatchObject({ requests: 0, unanswered: 0, inFlight: 0 });
  });

  test("is off after an upgrade, and on after one that was declined", () => {
    const UPGRADE = "GET /ws HTTP/1.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    const { take, ask, answer } = start();
    ask(UPGRADE);
    answer(OK);
    ask(UPGRADE);
    answer("HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n\x81\x05");
    ask("\x81\x05whatever\r\n");
    answer(OK);
    expect(take()).toMatchObject({ requests: 2, unanswered: 0, inFlight: 0 });
  });

  test.each([
    ["no HTTP", "\x16\x03\x01 this is TLS\r\n\r\n"],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["a negative length", "POST / HTTP/1.1\r\nContent-Length: -40\r\n\r\n"],
    ["a length that is no number", "POST / HTTP/1.1\r\nContent-Length: ten\r\n\r\n"],
    ["a negative chunk", "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n-6\r\nx"],
    ["an endless header", `GET / HTTP/1.1\r\nx: ${"x".repeat(200_000)}`],
    ["an endless chunk line", `POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n${"0".repeat(400_000)}`],
  ])("is off after %s", (_name, bytes) => {
    const { tap, take, ask, answer } = start();
    for (let at = 0; at < bytes.length; at += 65_536) ask(bytes.slice(at, at + 65_536));
    expect(tap.inFlight).toBe(0);
    ask(GET);
    answer(OK);
    expect(take()).toMatchObject({ requests: 0, inFlight: 0 });
  });
});
