import { createHash, randomBytes } from "node:crypto";
import { createServer, get, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type AgentEvent, type EdgeStats, FRAME_HEADER_BYTES, frameKinds, otlpFlags } from "#contract/agent-api.ts";
import { createAgent } from "./create-agent.ts";
import { connect, endAll, later, startEcho, takeClosedAddress, until } from "./testing.ts";

afterEach(endAll);

type Answer = { status: number; headers: IncomingMessage["headers"]; body: Buffer; json: unknown };

function send(
  address: string,
  method: string,
  path: string,
  body?: Buffer | object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const payload = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const [host, port] = address.split(":");
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host, port, method, path, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const all = Buffer.concat(chunks);
      const isJson = response.headers["content-type"] === "application/json";
      const json = isJson ? JSON.parse(all.toString()) : undefined;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: all, json });
    });
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
}

async function start() {
  const agent = createAgent(() => {});
  later(() => agent.close());
  const any = { host: "127.0.0.1", port: 0 };
  const { control, intake } = await agent.listen({ control: any, intake: any });
  const call = (method: string, path: string, body?: Buffer | object, headers?: Record<string, string>) =>
    send(control, method, `/faultline${path}`, body, headers);
  const openEdge = async (upstream: string, protocol: string) => {
    const edge = { id: "a->b", listen: "127.0.0.1:0", upstream, protocol };
    const { json } = await call("PUT", "/edges", { edges: [edge] });
    return (json as { edges: { listen: string }[] }).edges[0]?.listen ?? "";
  };
  return { control, intake, call, openEdge };
}

async function follow(control: string) {
  const events: AgentEvent[] = [];
  const otlp: { kind: number; payload: Buffer }[] = [];
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`http://${control}/faultline/stream`, { agent: false }, resolve).on("error", reject);
  });
  let bytes = Buffer.alloc(0);
  response.on("error", () => {});
  response.on("data", (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= FRAME_HEADER_BYTES && bytes.length >= FRAME_HEADER_BYTES + bytes.readUInt32BE(1)) {
      const end = FRAME_HEADER_BYTES + bytes.readUInt32BE(1);
      const payload = bytes.subarray(FRAME_HEADER_BYTES, end);
      if (bytes.readUInt8(0) === frameKinds.event) events.push(JSON.parse(payload.toString()) as AgentEvent);
      else otlp.push({ kind: bytes.readUInt8(0), payload: Buffer.from(payload) });
      bytes = bytes.subarray(end);
    }
  });
  return { events, otlp };
}

const fault = { id: "f1", edge: "a->b", type: "latency", attributes: { latency: 100 }, leaseMs: 60_000 };

describe("the control port", () => {
  test("adds a fault, delays the next request with it, tells it on the stream, changes and removes it", async () => {
    const { control, call, openEdge } = await start();
    const server = createServer((_request, response) => response.end("ok"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    later(() => {
      server.closeAllConnections();
      server.close();
    });
    const listen = await openEdge(`127.0.0.1:${(server.address() as AddressInfo).port}`, "http");
    const { events } = await follow(control);
    expect(await call("POST", "/faults", fault)).toMatchObject({ status: 200, json: { id: "f1", rate: 1 } });
    const startedAt = performance.now();
    expect((await send(listen, "GET", "/")).body.toString()).toBe("ok");
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(100);
    expect(await call("PATCH", "/faults/f1", { attributes: { latency: 5 } })).toMatchObject({
      json: { attributes: { latency: 5, jitter: 0 } },
    });
    expect((await call("GET", "/faults")).json).toHaveLength(1);
    expect(await call("DELETE", "/faults/f1")).toMatchObject({ status: 200, json: {} });
    expect((await call("GET", "/faults")).json).toEqual([]);
    // The connection and its request may fall into different intervals.
    const stats = () => events.flatMap((event) => (event.type === "stats" ? event.edges : []));
    const sum = (count: (edge: EdgeStats) => number) => stats().reduce((total, edge) => total + count(edge), 0);
    await until(() => sum((edge) => edge.requests) > 0 && events.filter(({ type }) => type === "fault").length === 3);
    expect(events[0]).toMatchObject({ type: "hello", faults: [] });
    expect(events.filter((event) => event.type === "fault").map((event) => event.state)).toEqual([
      "active",
      "active",
      "removed",
    ]);
    expect(new Set(stats().map(({ id }) => id))).toEqual(new Set(["a->b"]));
    expect([sum((edge) => edge.connections), sum((edge) => edge.requests)]).toEqual([1, 1]);
    expect(sum((edge) => edge.unanswered)).toBe(0);
  });

  test("drops the faults of an edge that is no longer asked for", async () => {
    const { call, openEdge } = await start();
    await openEdge(await startEcho(), "tcp");
    await call("POST", "/faults", fault);
    await call("PUT", "/edges", { edges: [] });
    expect((await call("GET", "/faults")).json).toEqual([]);
  });

  test("removes all faults at once", async () => {
    const { call, openEdge } = await start();
    await openEdge(await startEcho(), "tcp");
    await call("POST", "/faults", fault);
    await call("POST", "/faults", { ...fault, id: "f2", type: "down", attributes: {} });
    expect((await call("DELETE", "/faults")).status).toBe(200);
    expect((await call("GET", "/faults")).json).toEqual([]);
  });

  test("tells whether an upstream is open, and of no other address", async () => {
    const { call, openEdge } = await start();
    const open = await startEcho();
    await openEdge(open, "tcp");
    expect((await call("GET", `/probe?address=${open}`)).json).toEqual({ open: true });
    const other = await startEcho();
    expect((await call("GET", `/probe?address=${other}`)).status).toBe(404);
    const closed = await takeClosedAddress();
    await openEdge(closed, "tcp");
    expect((await call("GET", `/probe?address=${closed}`)).json).toEqual({ open: false });
  });

  test.each([
    ["GET", "/nothing", undefined, {}, 404, "not_found"],
    ["POST", "/edges", {}, {}, 405, "unsupported"],
    ["GET", "/health", undefined, { "user-agent": "Mozilla/5.0" }, 403, "forbidden"],
    ["GET", "/health", undefined, { origin: "http://localhost:4000" }, 403, "forbidden"],
    ["PUT", "/edges", Buffer.from("{"), {}, 400, "bad_request"],
    ["PUT", "/edges", { edges: [], more: 1 }, {}, 400, "bad_request"],
    ["PUT", "/edges", { edges: [{ id: "a->b", listen: "x", upstream: "y", protocol: "tcp" }] }, {}, 400, "bad_request"],
    ["POST", "/faults", { ...fault, edge: "x->y" }, {}, 404, "not_found"],
    ["POST", "/faults", { ...fault, leaseMs: 1 }, {}, 400, "bad_request"],
    ["POST", "/faults", { ...fault, type: "magic" }, {}, 400, "bad_request"],
    ["PATCH", "/faults/none", {}, {}, 404, "not_found"],
    ["DELETE", "/faults/none", undefined, {}, 404, "not_found"],
    ["PUT", "/policies", { payments: { version: 1 } }, {}, 400, "bad_request"],
    ["PUT", "/orphans", { afterMs: 1, processes: [] }, {}, 400, "bad_request"],
    // Longer than a timer can wait, which would then not wait at all.
    ["PUT", "/orphans", { afterMs: 2 ** 31, processes: [] }, {}, 400, "bad_request"],
    ["PUT", "/edges", Buffer.alloc(1024 * 1024 + 1), {}, 413, "too_large"],
  ] as const)("refuses %s %s (%#)", async (method, path, body, headers, status, code) => {
    const { call } = await start();
    const answer = await call(method, path, body, headers);
    expect(answer).toMatchObject({ status, json: { code } });
    expect((answer.json as { message: string }).message).toMatch(/\w+/);
  });

  test("takes a heartbeat, and names its instance", async () => {
    const { call } = await start();
    expect(await call("POST", "/heartbeat")).toMatchObject({ status: 200, json: {} });
    expect((await call("GET", "/health")).json).toMatchObject({ instance: expect.stringMatching(/\w/) });
  });
});

describe("the intake port", () => {
  test.each([
    ["traces", frameKinds.traces, "application/x-protobuf", undefined, 0],
    ["metrics", frameKinds.metrics, "application/json; charset=utf-8", undefined, otlpFlags.json],
    ["logs", frameKinds.logs, "application/x-protobuf", "gzip", otlpFlags.gzip],
    ["traces", frameKinds.traces, "application/json", "gzip", otlpFlags.json | otlpFlags.gzip],
  ] as const)("relays %s byte by byte (%#)", async (signal, kind, type, encoding, flags) => {
    const { control, intake } = await start();
    const { otlp } = await follow(control);
    const body = randomBytes(300_000);
    const headers = { "content-type": type, ...(encoding && { "content-encoding": encoding }) };
    const answer = await send(intake, "POST", `/v1/${signal}`, body, headers);
    expect(answer).toMatchObject({ status: 200, headers: { "content-type": type.split(";")[0] } });
    expect(answer.body.toString()).toBe(flags & otlpFlags.json ? "{}" : "");
    await until(() => otlp.length === 1);
    expect(otlp[0]?.kind).toBe(kind);
    expect(otlp[0]?.payload.readUInt8(0)).toBe(flags);
    const toHash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
    expect(toHash(otlp[0]?.payload.subarray(1) ?? Buffer.alloc(0))).toBe(toHash(body));
  });

  test("answers at once also while nobody reads, and refuses what is no OTLP or too large", async () => {
    const { intake } = await start();
    const protobuf = { "content-type": "application/x-protobuf" };
    expect((await send(intake, "POST", "/v1/traces", Buffer.alloc(10), protobuf)).status).toBe(200);
    expect((await send(intake, "POST", "/v1/traces", Buffer.alloc(10), { "content-type": "text/plain" })).status).toBe(
      422,
    );
    const brotli = { ...protobuf, "content-encoding": "br" };
    expect((await send(intake, "POST", "/v1/traces", Buffer.alloc(10), brotli)).status).toBe(422);
    const announced = { ...protobuf, "content-length": String(16 * 1024 * 1024 + 1) };
    expect((await send(intake, "POST", "/v1/traces", undefined, announced)).status).toBe(413);
    const chunked = { ...protobuf, "transfer-encoding": "chunked" };
    const tooLarge = Buffer.alloc(16 * 1024 * 1024 + 1);
    expect((await send(intake, "POST", "/v1/traces", tooLarge, chunked)).status).toBe(413);
  });

  test("takes telemetry while other senders are stuck in the middle of theirs", async () => {
    const { intake } = await start();
    const head = "POST /v1/traces HTTP/1.1\r\nhost: agent\r\ncontent-type: application/x-protobuf\r\n";
    for (let n = 0; n < 8; n++) {
      const stuck = await connect(intake);
      stuck.socket.write(`${head}transfer-encoding: chunked\r\n\r\n5\r\nhello`);
    }
    const protobuf = { "content-type": "application/x-protobuf", "transfer-encoding": "chunked" };
    expect((await send(intake, "POST", "/v1/traces", Buffer.alloc(10), protobuf)).status).toBe(200);
  });

  test("asks senders to come back when it holds too much of what is being sent, and only as long as it does", async () => {
    const { intake } = await start();
    const protobuf = { "content-type": "application/x-protobuf", "transfer-encoding": "chunked" };
    const piece = Buffer.alloc(15 * 1024 * 1024);
    const [host, port] = intake.split(":");
    const senders = Array.from({ length: 5 }, () => {
      const sender = httpRequest({ host, port, method: "POST", path: "/v1/traces", headers: protobuf, agent: false });
      sender.on("error", () => {});
      later(() => sender.destroy());
      sender.write(piece);
      return sender;
    });
    const answers = senders.map((sender) => new Promise<IncomingMessage>((resolve) => sender.on("response", resolve)));
    const refused = await Promise.race(answers);
    expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([503, "1"]);
    for (const sender of senders) sender.destroy();
    const again = () => send(intake, "POST", "/v1/traces", piece, protobuf);
    await expect.poll(async () => (await again()).status).toBe(200);
  });

  test("does not take control, and the control port takes no telemetry", async () => {
    const { control, intake } = await start();
    expect((await send(intake, "GET", "/faultline/health")).status).toBe(404);
    expect((await send(control, "POST", "/v1/traces", Buffer.alloc(0))).status).toBe(404);
  });

  test("hands a component its policies, set on the control port", async () => {
    const { intake, call } = await start();
    const document = { version: 1, edges: { bank: { timeout: { enabled: true, timeoutMs: 800 } } }, component: {} };
    const client = await connect(intake);
    client.socket.write("GET /policies/payments HTTP/1.1\r\nhost: agent\r\n\r\n");
    await client.received(1);
    await call("PUT", "/policies", { payments: document });
    await until(() => client.text().includes("timeoutMs"));
    expect(client.text()).toContain(`${JSON.stringify(document)}\n`);
    expect(client.text()).toContain("application/x-ndjson");
    expect((await send(intake, "GET", "/policies/no%20name")).status).toBe(400);
  });
});
