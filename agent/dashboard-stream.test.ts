import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type AgentEvent, type EdgeStats, FRAME_HEADER_BYTES, frameKinds } from "#contract/agent-api.ts";
import { createDashboardStream, type DashboardStream } from "./dashboard-stream.ts";
import { createRandom } from "./seeded-random.ts";
import { endAll, later, until } from "./testing.ts";

afterEach(endAll);

const hello: AgentEvent = { type: "hello", instance: "i", at: 1, faults: [] };

/** The stream behind a real server; `read` attaches a reader and collects its frames. */
async function start() {
  const stream = createDashboardStream();
  const attached: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    attached.push(response);
    stream.attach(response, hello);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  later(() => {
    stream.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const open = async () => {
    const count = attached.length;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ port, host: "127.0.0.1", agent: false }, resolve).on("error", reject);
    });
    await until(() => attached.length > count);
    return response;
  };
  const read = async () => toReader(await open());
  /** What has been handed to the newest reader's socket and not gone out yet. */
  const unsentBytes = () => attached.at(-1)?.writableLength ?? 0;
  return { stream, open, read, unsentBytes };
}

/** Far more telemetry than may be kept, in frames of all sizes; how many it was. */
function flood(stream: DashboardStream, bytes: number): number {
  const random = createRandom(5);
  let frames = 0;
  for (let sent = 0; sent < bytes; frames++) {
    const size = Math.floor(random() ** 6 * 2_000_000);
    stream.relay(frameKinds.metrics, 0, Buffer.alloc(size));
    sent += size + 1;
    stream.tick(() => []);
  }
  return frames;
}

function toReader(response: IncomingMessage) {
  let bytes = Buffer.alloc(0);
  let closed = false;
  const frames: { kind: number; payload: Buffer }[] = [];
  response.on("error", () => {});
  response.on("close", () => {
    closed = true;
  });
  response.on("data", (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= FRAME_HEADER_BYTES && bytes.length >= FRAME_HEADER_BYTES + bytes.readUInt32BE(1)) {
      const end = FRAME_HEADER_BYTES + bytes.readUInt32BE(1);
      frames.push({ kind: bytes.readUInt8(0), payload: bytes.subarray(FRAME_HEADER_BYTES, end) });
      bytes = bytes.subarray(end);
    }
  });
  return {
    frames,
    closed: () => closed,
    events: () =>
      frames
        .filter(({ kind }) => kind === frameKinds.event)
        .map(({ payload }) => JSON.parse(payload.toString()) as AgentEvent),
    otlp: () => frames.filter(({ kind }) => kind !== frameKinds.event),
  };
}

describe("the stream to the dashboard", () => {
  test("begins with hello, and then carries events and telemetry in order, untouched", async () => {
    const { stream, read } = await start();
    const reader = await read();
    const body = Buffer.from([0, 255, 10, 13, 0]);
    stream.tell({ type: "stats", at: 2, edges: [] });
    stream.relay(frameKinds.traces, 3, body);
    stream.relay(frameKinds.logs, 0, Buffer.alloc(0));
    await until(() => reader.frames.length === 4);
    expect(reader.events()).toEqual([hello, { type: "stats", at: 2, edges: [] }]);
    expect(reader.otlp()).toEqual([
      { kind: frameKinds.traces, payload: Buffer.concat([Buffer.from([3]), body]) },
      { kind: frameKinds.logs, payload: Buffer.from([0]) },
    ]);
  });

  test("a newer reader replaces the older", async () => {
    const { stream, read } = await start();
    const first = await read();
    const second = await read();
    await until(first.closed);
    stream.tell({ type: "stats", at: 3, edges: [] });
    await until(() => second.events().length === 2);
    expect(first.events()).toEqual([hello]);
    expect(second.closed()).toBe(false);
  });

  test("keeps telemetry while nobody reads, drops the oldest over its bound, and says how much", async () => {
    const { stream, read } = await start();
    stream.tell({ type: "stats", at: 1, edges: [] });
    const megabyte = 1024 * 1024;
    for (let i = 0; i < 20; i++) stream.relay(frameKinds.traces, 0, Buffer.alloc(megabyte, i));
    const reader = await read();
    await until(() => reader.otlp().length === 15);
    expect(reader.otlp().map(({ payload }) => payload[1])).toEqual(Array.from({ length: 15 }, (_, i) => i + 5));
    await until(() => {
      stream.tick(() => []);
      return reader.events().some(({ type }) => type === "dropped");
    });
    const [, dropped, stats] = reader.events();
    expect(reader.events()[0]).toEqual(hello);
    expect(dropped).toMatchObject({ type: "dropped", frames: 5, bytes: 5 * megabyte });
    expect(stats).toMatchObject({ type: "stats", edges: [] });
  });

  test("lets stats add up while the reader does not keep up", async () => {
    const { stream, open } = await start();
    const response = await open();
    response.pause();
    for (let i = 0; i < 16; i++) stream.relay(frameKinds.traces, 0, Buffer.alloc(1024 * 1024));
    let taken = 0;
    const takeStats = (): EdgeStats[] => {
      taken++;
      return [];
    };
    stream.tick(takeStats);
    expect(taken).toBe(0);
    const reader = toReader(response);
    response.resume();
    await until(() => reader.otlp().length === 16);
    stream.tick(takeStats);
    expect(taken).toBe(1);
  });

  test("closes a reader that leaves a thousand events lying", async () => {
    const { stream, open } = await start();
    const response = await open();
    response.on("error", () => {});
    response.pause();
    stream.relay(frameKinds.traces, 0, Buffer.alloc(15 * 1024 * 1024));
    const over = new Promise((resolve) => response.once("close", resolve));
    for (let i = 0; i < 1_100; i++) stream.tell({ type: "stats", at: i, edges: [] });
    response.resume();
    await over;
    expect(response.complete).toBe(false);
  });

  test("is bounded while a reader rests, tells all that came of it afterwards, and goes on", async () => {
    const { stream, open, unsentBytes } = await start();
    const response = await open();
    response.pause();
    const frames = flood(stream, 100 * 1024 * 1024);
    // One frame more than the socket wants, beside what the queue keeps.
    expect(unsentBytes()).toBeLessThan(3 * 1024 * 1024);
    await until(() => response.readableLength > 0);
    const reader = toReader(response);
    response.resume();
    const dropped = () =>
      reader.events().reduce((sum, event) => sum + (event.type === "dropped" ? event.frames : 0), 0);
    await until(() => {
      stream.tick(() => []);
      return reader.otlp().length + dropped() === frames;
    });
    expect(reader.otlp().reduce((sum, { payload }) => sum + payload.length, 0)).toBeLessThan(32 * 1024 * 1024);
    // No stall is left behind: each of many more comes, with nothing else to push it on.
    for (let i = 1; i <= 50; i++) {
      const before = reader.otlp().length;
      stream.relay(frameKinds.logs, 0, Buffer.alloc(i * 7_000));
      stream.tell({ type: "stats", at: i, edges: [] });
      await until(() => reader.otlp().length === before + 1 && reader.events().some(({ at }) => at === i));
    }
    await until(() => unsentBytes() === 0);
  });

  test("is bounded with a reader that never reads, and the next one gets the newest at once", async () => {
    const { stream, open, read, unsentBytes } = await start();
    const stuck = await open();
    stuck.on("error", () => {});
    stuck.pause();
    flood(stream, 100 * 1024 * 1024);
    expect(unsentBytes()).toBeLessThan(3 * 1024 * 1024);
    const reader = await read();
    const newest = Buffer.from("the newest");
    stream.relay(frameKinds.traces, 0, newest);
    await until(() => reader.otlp().at(-1)?.payload.subarray(1).equals(newest) ?? false);
    expect(reader.events()[0]).toEqual(hello);
    expect(reader.otlp().reduce((sum, { payload }) => sum + payload.length, 0)).toBeLessThan(17 * 1024 * 1024);
  });
});
