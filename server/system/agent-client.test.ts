import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createAgentClient } from "./agent-client.ts";

/** Longer than a stream may be silent. */
const FROZEN_MS = 3_200;

function frame(kind: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(kind, 0);
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}
const event = (value: object) => frame(1, Buffer.from(JSON.stringify(value)));

describe("the client", () => {
  const cleanups: (() => void)[] = [];
  afterEach(() => {
    for (const cleanup of cleanups.splice(0)) cleanup();
  });

  async function setUp(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    const seen: string[] = [];
    const streams: ServerResponse[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      if (request.url !== "/faultline/stream") return answer(request, response);
      response.writeHead(200);
      response.flushHeaders();
      streams.push(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const listeners = { onEvent: vi.fn(), onOtlp: vi.fn(), onUp: vi.fn(), onDown: vi.fn() };
    const client = createAgentClient(listeners);
    client.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    cleanups.push(() => {
      client.close();
      server.closeAllConnections();
      server.close();
    });
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    return { client, listeners, seen, streams };
  }

  test("passes on events and telemetry, and sends heartbeats", async () => {
    const { listeners, streams, seen } = await setUp((_request, response) => response.end("{}"));
    streams[0]?.write(event({ type: "stats", at: 1, edges: [] }));
    streams[0]?.write(frame(2, Buffer.from([3, 104, 105])));
    await vi.waitFor(() => expect(listeners.onOtlp).toHaveBeenCalledWith("traces", 3, Buffer.from("hi")));
    expect(listeners.onEvent).toHaveBeenCalledWith({ type: "stats", at: 1, edges: [] });
    expect(seen).toContain("POST /faultline/heartbeat");
  });

  test("opens the stream again when it breaks, and says so", async () => {
    const { listeners, streams } = await setUp((_request, response) => response.end("{}"));
    await vi.waitFor(() => expect(listeners.onUp).toHaveBeenCalledTimes(1));
    streams[0]?.destroy();
    await vi.waitFor(() => expect(listeners.onUp).toHaveBeenCalledTimes(2), { timeout: 3_000 });
    expect(listeners.onDown).toHaveBeenCalledTimes(1);
  });

  test("a dashboard that was frozen itself reads what came meanwhile, on the stream that it has", async () => {
    const { listeners, streams } = await setUp((_request, response) => response.end("{}"));
    await vi.waitFor(() => expect(listeners.onUp).toHaveBeenCalledTimes(1));
    // From here the next thing that Node does is to look at its timers.
    await new Promise((resolve) => setImmediate(resolve));
    streams[0]?.write(frame(2, Buffer.from([3, 104, 105])));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FROZEN_MS);
    await vi.waitFor(() => expect(listeners.onOtlp).toHaveBeenCalledWith("traces", 3, Buffer.from("hi")));
    expect([listeners.onDown.mock.calls.length, streams.length]).toEqual([0, 1]);
  });

  test("carries the agent's own refusal", async () => {
    const { client } = await setUp((_request, response) => {
      response.writeHead(409);
      response.end(JSON.stringify({ code: "conflict", message: "f1 holds already." }));
    });
    await expect(client.removeAllFaults()).rejects.toMatchObject({ code: "conflict", message: "f1 holds already." });
  });

  test("says that the agent cannot be reached, or is not there yet", async () => {
    const { client } = await setUp((request) => request.destroy());
    await expect(client.removeFault("x")).rejects.toMatchObject({ code: "unavailable" });
    client.close();
    await expect(client.removeFault("x")).rejects.toMatchObject({ code: "unavailable" });
  });
});
