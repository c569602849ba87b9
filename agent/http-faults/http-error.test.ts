import { afterEach, describe, expect, test } from "vitest";
import { connect, endAll, startEdge, until } from "../testing.ts";
import { httpError } from "./http-error.ts";
import { readAnswers, startCallee, toPlacedHttp } from "./testing.ts";

afterEach(endAll);

const get = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nhost: b\r\n${more}\r\n`;

/** An open connection over which one request has gone already. */
async function start() {
  const callee = await startCallee();
  const edge = await startEdge(callee.address, "http");
  const client = await connect(edge.listen);
  const answers = (...methods: string[]) => readAnswers(client.text(), ["GET", ...methods]).slice(1);
  client.socket.write(get("/first"));
  await until(() => client.text().endsWith("/first"));
  return { callee, edge, client, answers };
}

describe("http_error", () => {
  test("answers in the callee's place, on open connections, until it is removed", async () => {
    const { callee, edge, client, answers } = await start();
    await edge.place(toPlacedHttp(httpError, { status: 502 }));
    client.socket.write(get("/second"));
    await until(() => answers().length === 1);
    expect(answers()[0]).toEqual({
      status: 502,
      headers: {
        "content-type": "application/json",
        "content-length": "48",
        connection: "keep-alive",
        "x-faultline-fault": "f1;http_error;0",
      },
      body: '{"error":"502 Bad Gateway, injected by a fault"}',
    });
    await edge.remove("f1");
    client.socket.write(get("/third"));
    await until(() => answers().length === 2);
    expect(answers()[1]).toMatchObject({ status: 200, body: "/third" });
    expect(callee.asked).toEqual(["/first", "/third"]);
    expect(edge.takeStats()).toMatchObject({ requests: 3, serverErrors: 1, unanswered: 0, inFlight: 0 });
  });

  test("takes a body in before it answers, and tells a caller to send it that asks", async () => {
    const { callee, edge, client, answers } = await start();
    await edge.place(toPlacedHttp(httpError, { status: 503 }));
    client.socket.write("POST /x HTTP/1.1\r\nhost: b\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n");
    await until(() => answers().length === 1);
    expect(answers()[0]?.status).toBe(100);
    client.socket.write("body");
    await until(() => answers().length === 2);
    expect(answers()[1]?.status).toBe(503);
    expect(callee.asked).toEqual(["/first"]);
  });

  test("keeps its place among pipelined answers", async () => {
    const waiting: (() => void)[] = [];
    const callee = await startCallee((request, response) => void waiting.push(() => response.end(request.url)));
    const edge = await startEdge(callee.address, "http");
    const client = await connect(edge.listen);
    // Seed 3 hits the second and third of four.
    await edge.place(toPlacedHttp(httpError, { status: 500 }, { rate: 0.5, seed: 3 }));
    client.socket.write(get("/1") + get("/2") + get("/3") + get("/4"));
    await until(() => waiting.length > 0);
    expect(client.text()).toBe("");
    expect(edge.takeStats()).toMatchObject({ inFlight: 4 });
    for (const answer of waiting) answer();
    const methods = Array.from({ length: 4 }, () => "GET");
    await until(() => readAnswers(client.text(), methods).length === 4);
    const got = readAnswers(client.text(), methods).map(({ status, body }) => (status === 200 ? body : status));
    expect(got).toEqual(["/1", "/2", "/3", "/4"].map((path) => (callee.asked.includes(path) ? path : 500)));
    expect(got).toContain(500);
  });

  test("answers a HEAD without a body, and closes where the caller asks for it", async () => {
    const { edge, client, answers, callee } = await start();
    await edge.place(toPlacedHttp(httpError, { status: 503 }));
    client.socket.write(`HEAD /h HTTP/1.1\r\nhost: b\r\n\r\n${get("/last", "connection: close\r\n")}`);
    expect(await client.ended).toBe("end");
    const [head, last] = answers("HEAD", "GET");
    expect([head?.status, head?.body]).toEqual([503, ""]);
    expect([last?.status, last?.headers.connection]).toEqual([503, "close"]);
    client.socket.end();
    await until(() => callee.closed.count === 1);
    expect(callee.closed.reset).toBe(false);
    await until(() => edge.takeStats() === null);
  });

  test("lets health checks pass, and does not count them", async () => {
    const { edge, client, answers } = await start();
    await edge.place(toPlacedHttp(httpError, { status: 503 }));
    client.socket.write(get("/ready"));
    await until(() => answers().length === 1);
    expect(answers()[0]).toMatchObject({ status: 200, body: "/ready" });
    expect(edge.takeStats()?.httpFaults).toEqual([{ id: "f1", met: 0, hit: 0 }]);
  });

  test("stops reading from a caller that reads none of its replies", async () => {
    const { edge, client } = await start();
    await edge.place(toPlacedHttp(httpError, { status: 503 }));
    client.socket.pause();
    const many = get("/again").repeat(1_000);
    let before = -1;
    const written = () => client.socket.bytesWritten - client.socket.writableLength;
    while (written() > before) {
      before = written();
      for (let i = 0; i < 100; i++) client.socket.write(many);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    // All that the kernel takes comes on top; what goes in without a bound is far more.
    expect(client.socket.writableLength).toBeGreaterThan(0);
    expect(edge.takeStats()?.inFlight).toBeLessThan(6_000);
    client.socket.resume();
    await until(() => client.socket.writableLength === 0 && edge.takeStats()?.inFlight === 0);
  });
});
