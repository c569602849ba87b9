import { afterEach, describe, expect, test } from "vitest";
import { connect, endAll, startEdge, until } from "../testing.ts";
import { httpDelay } from "./http-delay.ts";
import { readAnswers, startCallee, toPlacedHttp } from "./testing.ts";

afterEach(endAll);

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: b\r\n\r\n`;
const settings = { latency: 300, jitter: 0 };

async function start() {
  const callee = await startCallee();
  const edge = await startEdge(callee.address, "http");
  const client = await connect(edge.listen);
  let count = 0;
  const ask = async (path: string) => {
    const startedAt = performance.now();
    client.socket.write(get(path));
    count++;
    await until(() => readAnswers(client.text(), []).length === count);
    return performance.now() - startedAt;
  };
  return { callee, edge, client, ask };
}

describe("http_delay", () => {
  test("makes the request wait, never too short, and marks it with what it waited", async () => {
    const { callee, edge, ask } = await start();
    expect(await ask("/1")).toBeLessThan(300);
    await edge.place(toPlacedHttp(httpDelay, settings));
    expect(await ask("/2")).toBeGreaterThanOrEqual(300);
    await edge.remove("f1");
    expect(await ask("/3")).toBeLessThan(300);
    const got = String(Buffer.concat(callee.received[0] ?? []));
    expect(got).toMatch(
      /^GET \/1 .*\r\nhost: b\r\n\r\nGET \/2 .*\r\nhost: b\r\nx-faultline-fault: f1;http_delay;3\d\d\r\n\r\nGET \/3/,
    );
  });

  test("counts from the request's arrival, so pipelined ones wait at once, and in order", async () => {
    const { callee, edge, client } = await start();
    await edge.place(toPlacedHttp(httpDelay, settings));
    const startedAt = performance.now();
    client.socket.write(get("/1") + get("/2") + get("/3"));
    await until(() => readAnswers(client.text(), []).length === 3);
    const tookMs = performance.now() - startedAt;
    expect(callee.asked).toEqual(["/1", "/2", "/3"]);
    expect(tookMs).toBeGreaterThanOrEqual(300);
    expect(tookMs).toBeLessThan(600);
  });

  test("lets others pass meanwhile, and a shorter time or its removal let go what waits", async () => {
    const { callee, edge, client, ask } = await start();
    await ask("/1");
    await edge.place(toPlacedHttp(httpDelay, { latency: 600_000, jitter: 0 }, { seed: 2, rate: 0.5 }));
    const others = await Promise.all(Array.from({ length: 8 }, () => connect(edge.listen)));
    for (const other of others) other.socket.write(get("/other"));
    const measured = () => edge.takeStats()?.httpFaults?.[0];
    let rolled = measured();
    await until(() => {
      rolled = measured() ?? rolled;
      return rolled?.met === 8;
    });
    const answered = () => others.filter((other) => other.text() !== "").length;
    await until(() => answered() === 8 - (rolled?.hit ?? 0));
    expect(rolled?.hit).toBeGreaterThan(0);
    expect(rolled?.hit).toBeLessThan(8);
    edge.change("f1", { latency: 1, jitter: 0 });
    await until(() => answered() === 8);
    edge.change("f1", { latency: 600_000, jitter: 0 });
    await edge.place(toPlacedHttp(httpDelay, { latency: 600_000, jitter: 0 }, { id: "f2" }));
    client.socket.write(`POST /2 HTTP/1.1\r\nhost: b\r\ncontent-length: 4\r\n\r\nbody`);
    client.socket.end();
    await until(() => edge.takeStats()?.inFlight === 0);
    await edge.remove("f2");
    await edge.remove("f1");
    await until(() => client.text().endsWith("/2"));
    expect(callee.asked.at(-1)).toBe("/2");
    expect(await client.ended).toBe("end");
  });

  test("jitter is spread evenly over ± its value, and never makes the wait negative", () => {
    expect(httpDelay.toFate({ latency: 100, jitter: 40 }, 0)).toEqual({ waitMs: 60 });
    expect(httpDelay.toFate({ latency: 100, jitter: 40 }, 0.5)).toEqual({ waitMs: 100 });
    expect(httpDelay.toFate({ latency: 10, jitter: 40 }, 0)).toEqual({ waitMs: 0 });
  });
});
