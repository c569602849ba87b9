import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { createFixedPolicies } from "../testing/fixed-policies.ts";
import { findFlag } from "./flags.ts";
import { isOn } from "./is-on.ts";
import { createPolicies, type Policies } from "./policies.ts";

let server: http.Server;
let policies: Policies | undefined;
let streams: http.ServerResponse[] = [];
afterEach(() => {
  policies?.close();
  server?.closeAllConnections();
  server?.close();
  streams = [];
});

const document = (timeoutMs: number) =>
  `${JSON.stringify({ version: 1, edges: { bank: { timeout: { enabled: true, timeoutMs } } }, component: {} })}\n`;
const timeoutMs = () => policies?.edge("bank").timeout?.timeoutMs;

async function serve(port = 0): Promise<string> {
  server = http.createServer((_request, answer) => {
    answer.writeHead(200);
    answer.write("\n");
    streams.push(answer);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/policies/payments`;
}
const connected = (count: number) => vi.waitFor(() => expect(streams).toHaveLength(count), { timeout: 5_000 });

test("without a stream the default preset of policies.json holds", () => {
  policies = createPolicies("payments", undefined);
  expect(policies.edge("bank")).toMatchObject({
    timeout: { enabled: true, timeoutMs: 1_500 },
    circuitBreaker: { mode: "auto", windowMs: 10_000, minimumCalls: 5 },
  });
  expect(policies.edge("nobody")).toEqual({});
  expect(policies.component()).toMatchObject({ capacity: { workers: 8, serviceTimeMs: 15 } });
});

test("each document applies at once, also when it arrives in pieces; blank lines say nothing", async () => {
  policies = createPolicies("payments", await serve());
  const seen: unknown[] = [];
  policies.onChange(() => seen.push(timeoutMs()));
  await connected(1);
  streams[0]?.write(`${document(700)}\n\n${document(600).slice(0, 20)}`);
  await vi.waitFor(() => expect(seen).toEqual([700]));
  streams[0]?.write(document(600).slice(20));
  await vi.waitFor(() => expect(seen).toEqual([700, 600]));
});

test("nonsense is left out, and the last good document holds", async () => {
  policies = createPolicies("payments", await serve());
  await connected(1);
  streams[0]?.write(`${document(700)}{"edges": 1}\nnot JSON\n`);
  streams[0]?.write(document(0));
  await vi.waitFor(() => expect(timeoutMs()).toBe(700));
  streams[0]?.write(document(650));
  await vi.waitFor(() => expect(timeoutMs()).toBe(650));
});

test("connects again when the stream ends, and keeps what held meanwhile", async () => {
  const url = await serve();
  policies = createPolicies("payments", url);
  await connected(1);
  streams[0]?.write(document(700));
  await vi.waitFor(() => expect(timeoutMs()).toBe(700));
  server.closeAllConnections();
  server.close();
  await once(server, "close");
  expect(timeoutMs()).toBe(700);
  await serve(Number(new URL(url).port));
  await connected(2);
  streams[1]?.write(document(800));
  await vi.waitFor(() => expect(timeoutMs()).toBe(800));
});

test("fault flags hold as long as the stream that told them", async () => {
  const url = await serve();
  policies = createPolicies("payments", url);
  await connected(1);
  const fault = { id: "f1", type: "crash_before_ack", attributes: { message: "CapturePayment" }, rate: 1 };
  const unknown = { id: "f2", type: "of_tomorrow", attributes: {}, rate: 1 };
  streams[0]?.write(`${JSON.stringify({ ...JSON.parse(document(700)), faults: [unknown, fault] })}\n`);
  await vi.waitFor(() => expect(policies && findFlag(policies, "crash_before_ack")).toEqual(fault));
  server.closeAllConnections();
  await vi.waitFor(() => expect(policies?.faults()).toEqual([]));
  expect(timeoutMs()).toBe(700);
});

test("a switch that is not named is off", () => {
  expect(isOn(createFixedPolicies({}, { outbox: { enabled: true } }), "outbox")).toBe(true);
  expect(isOn(createFixedPolicies({}), "outbox")).toBe(false);
});
