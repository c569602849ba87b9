import { Agent, type RequestListener, request } from "node:http";
import { connect as connectTcp } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { EdgeListener } from "../edge-listener.ts";
import { createRandom } from "../seeded-random.ts";
import { connect, endAll, later, startEdge, startUpstream, until } from "../testing.ts";
import { httpDelay } from "./http-delay.ts";
import { httpError } from "./http-error.ts";
import { replyLost } from "./reply-lost.ts";
import { readAnswers, readBody, startCallee, toPlacedHttp } from "./testing.ts";

afterEach(endAll);

/** Says back what it got, in the manner that the target asks for. */
const answerAsAsked: RequestListener = async (request, response) => {
  const body = `${request.url} ${await readBody(request)}`;
  const [, , how] = (request.url ?? "").split("/");
  response.sendDate = false;
  if (how === "204" || how === "304") response.writeHead(Number(how)).end();
  else if (how === "announced") {
    response.writeContinue();
    response.end(body, "latin1");
  } else if (how === "chunked") {
    for (let at = 0; at < body.length; at += 1_000) response.write(body.slice(at, at + 1_000), "latin1");
    response.end();
  } else response.end(body, "latin1");
};

type Question = { method: string; target: string; body: string; bytes: string };

function toQuestion(n: number, random: () => number): Question {
  const pick = <T>(list: T[]) => list[Math.floor(random() * list.length)] as T;
  const method = pick(["GET", "HEAD", "POST", "POST"]);
  const target = `/${n}/${pick(["plain", "chunked", "204", "304", "announced"])}`;
  const size = method === "POST" ? Math.floor(random() ** 4 * 200_000) : 0;
  const body = Array.from({ length: size }, () => String.fromCharCode(Math.floor(random() * 256))).join("");
  const start = `${random() < 0.1 ? "\r\n" : ""}${method} ${target} HTTP/1.1\r\nHost:b\r\n`;
  if (size === 0) return { method, target, body, bytes: `${start}\r\n` };
  if (random() < 0.5) return { method, target, body, bytes: `${start}Content-Length: ${size}\r\n\r\n${body}` };
  const middle = Math.ceil(size / 2);
  const chunks = [body.slice(0, middle), body.slice(middle)].filter((chunk) => chunk.length > 0);
  const chunked = chunks.map((chunk) => `${chunk.length.toString(16)};x=y\r\n${chunk}\r\n`).join("");
  return { method, target, body, bytes: `${start}Transfer-Encoding: chunked\r\n\r\n${chunked}0\r\nTrailer: t\r\n\r\n` };
}

/** Sends all of it in pieces of random size, as fast as it is taken. */
async function sendInPieces(
  socket: { write(bytes: Buffer): boolean },
  bytes: string,
  random: () => number,
  between: () => Promise<void>,
) {
  const all = Buffer.from(bytes, "latin1");
  for (let at = 0; at < all.length; ) {
    const size = 1 + Math.floor(random() ** 3 * 40_000);
    socket.write(all.subarray(at, at + size));
    at += size;
    await new Promise(setImmediate);
    await between();
  }
}

/** What was asked, what the callee got and what the caller got must be one and the same, but for what was hit. */
async function checkIntegrity(
  seed: number,
  disturb: (edge: EdgeListener, random: () => number) => () => Promise<void>,
) {
  const callee = await startCallee(answerAsAsked);
  const edge = await startEdge(callee.address, "http");
  const client = await connect(edge.listen);
  const random = createRandom(seed);
  const questions = Array.from({ length: 120 }, (_, n) => toQuestion(n, random));
  await sendInPieces(client.socket, questions.map(({ bytes }) => bytes).join(""), random, disturb(edge, random));
  const methods = questions.map(({ method }) => method);
  const answers = () => readAnswers(client.text(), methods).filter(({ status }) => status >= 200);
  await until(() => edge.takeStats()?.inFlight === 0);
  await until(() => answers().length === questions.length);

  const asked = new Set(callee.asked);
  const got = String(Buffer.concat(callee.received[0] ?? []).toString("latin1"));
  const passed = questions.filter(({ target }) => asked.has(target));
  // An empty line before a request that is kept may stay behind.
  const toPlain = (bytes: string) =>
    bytes.replaceAll(/(?<=\r\n)x-faultline-fault: [^\r]*\r\n/g, "").replaceAll(/\r\n(?=(?:GET|POST|HEAD) )/g, "");
  expect(toPlain(got) === toPlain(passed.map(({ bytes }) => bytes).join(""))).toBe(true);
  answers().forEach(({ status, body }, n) => {
    const { method, target, body: sent } = questions[n] as Question;
    const how = target.split("/")[2];
    if (!asked.has(target)) expect(status).toBe(500);
    else if (how === "204" || how === "304") expect(status).toBe(Number(how));
    else expect([status, body === (method === "HEAD" ? "" : `${target} ${sent}`)]).toEqual([200, true]);
  });
  return { total: questions.length, passed: passed.length, marked: got.split("x-faultline-fault").length - 1 };
}

describe("HTTP faults on a kept-alive connection", () => {
  test.each([1, 2, 3, 4])(
    "lose and change no byte of what they do not hit, however it is cut (seed %i)",
    async (seed) => {
      const { total, passed, marked } = await checkIntegrity(seed, (edge) => {
        const both = [
          edge.place(toPlacedHttp(httpError, { status: 500 }, { id: "e", rate: 0.4, seed })),
          edge.place(toPlacedHttp(httpDelay, { latency: 5, jitter: 5 }, { id: "d", rate: 0.4, seed: seed + 100 })),
        ];
        return async () => void (await Promise.all(both));
      });
      expect(passed).toBeLessThan(total * 0.8);
      expect(passed).toBeGreaterThan(total * 0.4);
      expect(marked).toBeGreaterThan(0);
    },
  );

  test.each([5, 6, 118, 127])("nor when they come, change and go in the middle of it (seed %i)", async (seed) => {
    const { total, passed } = await checkIntegrity(seed, (edge, random) => async () => {
      const die = random();
      if (die < 0.1) await edge.place(toPlacedHttp(httpError, { status: 500 }, { id: "e", rate: 0.7, seed }));
      else if (die < 0.2) await edge.remove("e");
      else if (die < 0.3) await edge.place(toPlacedHttp(httpDelay, { latency: 8, jitter: 8 }, { id: "d", rate: 0.7 }));
      else if (die < 0.4) await edge.remove("d");
      else if (die < 0.5) edge.change("d", { latency: Math.floor(random() * 30), jitter: 0 });
    });
    expect(passed).toBeLessThan(total);
    expect(passed).toBeGreaterThan(0);
  });

  test("an upgrade passes, and what is said after it is not taken for requests", async () => {
    const heard = Promise.withResolvers<string>();
    const upstream = await startUpstream((socket) => {
      let all = "";
      socket.on("data", (chunk) => {
        const first = all === "";
        all += chunk.toString("latin1");
        if (first) socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nwelcome");
        if (all.includes("bye")) heard.resolve(all);
      });
    });
    const edge = await startEdge(upstream, "http");
    await edge.place(toPlacedHttp(httpDelay, { latency: 1, jitter: 0 }));
    await edge.place(toPlacedHttp(httpError, { status: 500 }, { id: "e", rate: 0 }));
    const client = await connect(edge.listen);
    const upgrade = "GET /ws HTTP/1.1\r\nconnection: upgrade\r\nupgrade: x\r\n";
    client.socket.write(`${upgrade}\r\nhalf a frame`);
    await until(() => client.text().endsWith("welcome"));
    edge.change("e", { status: 500 });
    await edge.place(toPlacedHttp(httpError, { status: 500 }, { id: "e2" }));
    client.socket.write("GET / HTTP/1.1\r\n\r\nbye");
    const marked = "x-faultline-fault: f1;http_delay;";
    expect((await heard.promise).replace(/;\d+\r\n/, ";\r\n")).toBe(
      `${upgrade}${marked}\r\n\r\nhalf a frameGET / HTTP/1.1\r\n\r\nbye`,
    );
  });

  test.each(["\x16\x03\x01 this is TLS\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "no line end"])(
    "what is no HTTP passes as it is (%#)",
    async (bytes) => {
      const edge = await startEdge(await startUpstream((socket) => socket.pipe(socket)), "http");
      await edge.place(toPlacedHttp(httpError, { status: 500 }));
      const client = await connect(edge.listen);
      client.socket.end(bytes, "latin1");
      expect(await client.ended).toBe("end");
      expect(client.text()).toBe(bytes);
    },
  );

  test("a head that never ends is bounded, and then passes", async () => {
    let arrived = 0;
    const upstream = await startUpstream((socket) => {
      socket.on("data", (chunk) => {
        arrived += chunk.length;
      });
    });
    const edge = await startEdge(upstream, "http");
    await edge.place(toPlacedHttp(httpError, { status: 500 }));
    const client = await connect(edge.listen);
    client.socket.write(`GET / HTTP/1.1\r\nx: ${"x".repeat(1_000_000)}`);
    await until(() => arrived === 1_000_000 + "GET / HTTP/1.1\r\nx: ".length);
  });

  test("200 callers at once, each on its own kept connection, get what is theirs", async () => {
    const callee = await startCallee();
    const edge = await startEdge(callee.address, "http");
    const agent = new Agent({ keepAlive: true, maxSockets: 200 });
    later(() => agent.destroy());
    const [host, port] = edge.listen.split(":");
    const ask = (path: string) =>
      new Promise<{ status: number; body: string }>((resolve, reject) => {
        const asking = request({ host, port, path, agent, method: "POST" }, async (response) => {
          resolve({ status: response.statusCode ?? 0, body: await readBody(response) });
        });
        asking.on("error", reject).end(path);
      });
    const round = (name: string) =>
      Promise.all(Array.from({ length: 200 }, async (_, n) => ({ n, ...(await ask(`/${name}/${n}`)) })));
    await round("warm");
    await edge.place(toPlacedHttp(httpError, { status: 500 }, { id: "e", rate: 0.5, seed: 9 }));
    await edge.place(toPlacedHttp(httpDelay, { latency: 10, jitter: 10 }, { id: "d", rate: 0.5, seed: 10 }));
    let failed = 0;
    for (const name of ["a", "b", "c", "d", "e"]) {
      for (const { n, status, body } of await round(name)) {
        if (status === 500) failed++;
        else expect([status, body]).toEqual([200, `/${name}/${n}`]);
      }
    }
    const stats = edge.takeStats();
    expect(stats?.httpFaults?.[0]).toEqual({ id: "e", met: 1_000, hit: failed });
    expect(stats).toMatchObject({
      connections: 200,
      requests: 1_200,
      serverErrors: failed,
      unanswered: 0,
      inFlight: 0,
    });
    expect(failed).toBeGreaterThan(430);
    expect(failed).toBeLessThan(570);
    expect(callee.asked).toHaveLength(1_200 - failed);
  });

  test("a caller that resets ends the callee's side too, while its request waits", async () => {
    const callee = await startCallee();
    const edge = await startEdge(callee.address, "http");
    await edge.place(toPlacedHttp(httpDelay, { latency: 600_000, jitter: 0 }));
    const [host, port] = edge.listen.split(":");
    const socket = connectTcp({ host: host ?? "", port: Number(port) });
    socket.write("GET / HTTP/1.1\r\nhost: b\r\n\r\n");
    await until(() => edge.takeStats()?.inFlight === 1);
    socket.resetAndDestroy();
    await until(() => callee.closed.count === 1 && edge.takeStats() === null);
    expect(callee.asked).toEqual([]);
  });

  test("the same requests are hit with the same seed, and a fault that is found first decides over the reply", async () => {
    const run = async (seed: number) => {
      const callee = await startCallee();
      const edge = await startEdge(callee.address, "http");
      await edge.place(toPlacedHttp(httpError, { status: 500 }, { id: "e", rate: 0.3, seed }));
      await edge.place(toPlacedHttp(replyLost, {}, { id: "l", rate: 0 }));
      const client = await connect(edge.listen);
      const targets = Array.from({ length: 100 }, (_, n) => `/${n}`);
      client.socket.write(targets.map((target) => `GET ${target} HTTP/1.1\r\nhost: b\r\n\r\n`).join(""));
      await until(() => readAnswers(client.text(), []).length === 100);
      return callee.asked;
    };
    const [first, second, other] = [await run(7), await run(7), await run(8)];
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first.length).toBeGreaterThan(55);
    expect(first.length).toBeLessThan(85);
  });
});
