import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { CommandAnswer, CommandName } from "#contract/commands.ts";
import type { ClientEvents, ServerEvents } from "#contract/events.ts";
import { type Delta, type Snapshot, snapshot as snapshotSchema } from "#contract/state.ts";
import { type Dashboard, startDashboard } from "./start-dashboard.ts";

type Client = Socket<ServerEvents, ClientEvents>;
type Headers = Record<string, string>;

const clients: Client[] = [];
function connect(url: string, extraHeaders: Headers = {}): Client {
  const client: Client = io(url, { transports: ["websocket"], extraHeaders, reconnection: false, forceNew: true });
  clients.push(client);
  return client;
}
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

/** With headers that fetch would not let through. */
function ask(
  url: string,
  { method = "GET", headers = {}, body = "" }: { method?: string; headers?: Headers; body?: string } = {},
) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
const post = async (url: string, name: string, body: unknown) => {
  const answer = await ask(`${url}/api/commands/${name}`, { method: "POST", body: JSON.stringify(body) });
  return { status: answer.status, ...JSON.parse(answer.text) };
};
const state = async (url: string): Promise<Snapshot> => JSON.parse((await ask(`${url}/api/state`)).text);
const command = (client: Client, name: CommandName, input: unknown) =>
  new Promise<CommandAnswer<CommandName>>((resolve) => {
    (client.emit as (name: string, input: unknown, answer: (answer: never) => void) => void)(name, input, resolve);
  });

describe("a dashboard on loopback", () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await startDashboard();
    await vi.waitFor(async () => expect((await state(dashboard.url)).system.status).toBe("running"));
  });
  afterAll(() => dashboard.close());

  test("answers its state, as the contract has it", async () => {
    const now = snapshotSchema.parse(await state(dashboard.url));
    expect(Object.keys(now.components)).toEqual(["users", "shop", "bank"]);
    expect(Object.keys(now.edges)).toEqual(["users->shop", "shop->bank"]);
    expect(now.system).toMatchObject({
      name: "Tiny",
      message: "local processes (for a test), 3 components",
      agent: "up",
      layout: { shop: { x: 1, y: 2 } },
      presets: ["Hardened", "Naive"],
      preset: "Hardened",
      unavailableActions: { stop: "this runtime cannot stop" },
    });
  });

  test.each(["socket", "http"])("a component is killed and brought back by %s alike", async (way) => {
    const { url, fake } = dashboard;
    const client = connect(url);
    const send = (name: CommandName, input: unknown) =>
      way === "http" ? post(url, name, input) : command(client, name, input);
    expect(await send("component:kill", { component: "bank" })).toMatchObject({ ok: true });
    await vi.waitFor(async () => {
      const now = await state(url);
      expect(now.components.bank).toMatchObject({ state: "killed", exitCode: 137 });
      expect(Object.values(now.faults)).toMatchObject([
        { type: "kill", target: { component: "bank" }, state: "active", owner: way === "http" ? "curl" : "you" },
      ]);
    });
    expect(await send("component:start", { component: "bank" })).toMatchObject({ ok: true });
    await vi.waitFor(async () => {
      const now = await state(url);
      expect(now.components.bank?.state).toBe("running");
      expect(now.faults).toEqual({});
    });
    expect(fake.acts.slice(-2)).toEqual(["kill bank", "start bank"]);
  });

  test.each([
    ["component:kill", {}, 400, "bad_request"],
    ["component:kill", { component: "moon" }, 404, "not_found"],
    ["component:kill", { component: "bank", force: true }, 400, "bad_request"],
    ["component:stop", { component: "bank" }, 422, "unsupported"],
    ["fault:remove", { id: "none" }, 404, "not_found"],
    ["load:set", { ratePerSecond: -1 }, 400, "bad_request"],
    ["policy:preset", { name: "Perfect" }, 404, "not_found"],
  ] as const)("%s %j is refused the same way by both", async (name, input, status, code) => {
    const overHttp = await post(dashboard.url, name, input);
    const overSocket = await command(connect(dashboard.url), name, input);
    expect(overHttp).toMatchObject({ status, ok: false, code, message: expect.any(String) });
    expect(overHttp).toMatchObject(overSocket);
  });

  test("a toxic goes to the agent, is changed and removed", async () => {
    const { url } = dashboard;
    const added = await post(url, "fault:add", {
      target: { edge: "shop->bank" },
      type: "latency",
      attributes: { latency: 50 },
    });
    expect(added).toMatchObject({ ok: true, id: expect.any(String) });
    await vi.waitFor(async () => expect((await state(url)).edges["shop->bank"]?.faults).toEqual([added.id]));
    expect(await post(url, "fault:update", { id: added.id, attributes: { latency: 90 } })).toMatchObject({ ok: true });
    await vi.waitFor(async () => expect((await state(url)).faults[added.id]?.attributes.latency).toBe(90));
    expect(await post(url, "fault:remove", { id: added.id })).toMatchObject({ ok: true });
    await vi.waitFor(async () => expect((await state(url)).faults).toEqual({}));
  });

  test("a fault flag reaches the component with its policies, and the picture says who obeys", async () => {
    const { url, fake } = dashboard;
    expect((await state(url)).components.users?.obeys).toEqual(["load_burst"]);
    const stop = new AbortController();
    const followed = await fetch(`${fake.intakeUrl()}/policies/users`, { signal: stop.signal });
    const lines = createInterface({ input: Readable.fromWeb(followed.body as never) })[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value as string).faults;
    expect(await next()).toBeUndefined();
    const burst = { target: { component: "users" }, type: "load_burst", attributes: { factor: 6 } };
    const { id } = await post(url, "fault:add", burst);
    expect(await next()).toEqual([{ id, type: "load_burst", attributes: { factor: 6 }, rate: 1 }]);
    await vi.waitFor(async () => expect((await state(url)).faults[id]).toMatchObject({ state: "active" }));
    await post(url, "heal:everything", {});
    expect(await next()).toBeUndefined();
    expect((await state(url)).faults).toEqual({});
    stop.abort();
  });

  test("a component that dies of a flag comes back without it", async () => {
    const { url, fake } = dashboard;
    await post(url, "fault:add", { target: { component: "shop" }, type: "crash_before_ack" });
    fake.lose("shop");
    await vi.waitFor(async () => expect((await state(url)).components.shop?.state).toBe("killed"));
    expect(await post(url, "component:start", { component: "shop" })).toMatchObject({ ok: true });
    await vi.waitFor(async () => {
      const now = await state(url);
      expect([now.components.shop?.state, now.faults]).toEqual(["running", {}]);
    });
  });

  test("a toxic ends by its lease, told by the agent", async () => {
    const { url } = dashboard;
    await post(url, "fault:add", { target: { edge: "shop->bank" }, type: "down", leaseMs: 1_000 });
    await vi.waitFor(async () => expect(Object.keys((await state(url)).faults)).toHaveLength(1));
    await vi.waitFor(async () => expect((await state(url)).faults).toEqual({}), { timeout: 5_000 });
    expect((await state(url)).events.at(-1)?.text).toContain("its lease ran out");
  });

  test("an agent that dies is started again, and gets back the faults whose leases still run", async () => {
    const { url, fake } = dashboard;
    const { id } = await post(url, "fault:add", { target: { edge: "shop->bank" }, type: "down", leaseMs: 30_000 });
    fake.loseAgent();
    await vi.waitFor(async () => {
      const now = await state(url);
      expect(now.events.some(({ text }) => text.startsWith("the agent is back"))).toBe(true);
      expect(now.system.agent).toBe("up");
      expect(now.faults[id]?.state).toBe("active");
    });
    expect(await post(url, "fault:remove", { id })).toMatchObject({ ok: true });
  });

  test("the picture a socket keeps from deltas is the one that is asked for", async () => {
    const { url } = dashboard;
    const client = connect(url);
    let kept: Snapshot | undefined;
    client.on("state:snapshot", (whole) => {
      kept = whole;
    });
    client.on("state:delta", (delta) => {
      if (!kept) throw new Error("a delta came before the snapshot");
      kept = apply(kept, delta);
    });
    await vi.waitFor(() => expect(kept).toBeDefined());
    await command(client, "component:pause", { component: "bank" });
    await command(client, "load:set", { ratePerSecond: 33 });
    await command(client, "component:unpause", { component: "bank" });
    await vi.waitFor(async () => {
      expect(kept?.system.loadRatePerSecond).toBe(33);
      expect(kept).toEqual(await state(url));
    });
  });

  test("a socket that missed a delta sees the gap and gets the whole", async () => {
    const client = connect(dashboard.url);
    const snapshots: Snapshot[] = [];
    client.on("state:snapshot", (whole) => void snapshots.push(whole));
    await vi.waitFor(() => expect(snapshots).toHaveLength(1));
    const deltas: Delta[] = [];
    client.on("state:delta", (delta) => void deltas.push(delta));
    await command(client, "component:kill", { component: "shop" });
    await command(client, "component:start", { component: "shop" });
    await vi.waitFor(() => expect(deltas.length).toBeGreaterThan(0));
    expect(deltas[0]?.baseRevision).toBe(snapshots[0]?.revision);
    client.emit("state:request");
    await vi.waitFor(() => expect(snapshots).toHaveLength(2));
    expect(snapshots[1]?.revision).toBeGreaterThanOrEqual(deltas[0]?.revision ?? Infinity);
  });

  test("a socket that asks for the whole all the time gets it, and is never left without", async () => {
    const client = connect(dashboard.url);
    const snapshots: Snapshot[] = [];
    client.on("state:snapshot", (whole) => {
      snapshots.push(whole);
      client.emit("state:request");
    });
    await vi.waitFor(() => expect(snapshots.length).toBeGreaterThan(10), { timeout: 10_000 });
  });

  test("too many commands at once are refused, the socket lives on", async () => {
    const client = connect(dashboard.url);
    const answers = await Promise.all(
      Array.from({ length: 400 }, () => command(client, "fault:remove", { id: "none" })),
    );
    const codes = answers.map((answer) => (answer.ok ? "ok" : answer.code));
    expect(codes).toContain("too_many");
    expect(codes.filter((code) => code === "not_found").length).toBeGreaterThanOrEqual(50);
    expect(client.connected).toBe(true);
  });

  test("heals everything and proves it", async () => {
    const { url } = dashboard;
    await post(url, "fault:add", { target: { edge: "shop->bank" }, type: "down" });
    await post(url, "component:kill", { component: "bank" });
    await post(url, "component:pause", { component: "shop" });
    const client = connect(url);
    const answer = await command(client, "heal:everything", {});
    const now = await state(url);
    expect(now.faults).toEqual({});
    expect(Object.values(now.components).map((component) => component.state)).toEqual([
      "running",
      "running",
      "running",
    ]);
    expect(now.system.loadRatePerSecond).toBe(0);
    expect(answer).toEqual({ ok: true, healed: true, residue: [] });
  });

  test("takes telemetry directly and answers traces", async () => {
    const { url } = dashboard;
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const nanos = BigInt(Date.now()) * 1_000_000n;
    const span = {
      traceId,
      spanId: "b7ad6b7169203331",
      name: "GET /pay",
      kind: 2,
      startTimeUnixNano: String(nanos),
      endTimeUnixNano: String(nanos + 5_000_000n),
    };
    const resource = { attributes: [{ key: "service.name", value: { stringValue: "bank" } }] };
    const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
    const headers = { "content-type": "application/json" };
    expect(await ask(`${url}/v1/traces`, { method: "POST", headers, body })).toMatchObject({ status: 200, text: "{}" });
    const list = JSON.parse((await ask(`${url}/api/traces?service=bank&limit=5`)).text);
    expect(list).toMatchObject([{ traceId, service: "bank", spanCount: 1, durationMs: 5 }]);
    const trace = JSON.parse((await ask(`${url}/api/traces/${traceId}`)).text);
    expect(trace.spans).toMatchObject([{ name: "GET /pay", kind: "server" }]);
    expect((await ask(`${url}/api/traces/00`)).status).toBe(404);
    expect((await ask(`${url}/api/traces?limit=0`)).status).toBe(400);
    expect((await ask(`${url}/v1/traces`, { method: "POST", headers, body: "{" })).status).toBe(400);
    // Counts are shown once a second.
    const counted = async () =>
      expect((await state(url)).system.telemetry).toMatchObject({ spansKept: 1, rejected: 1 });
    await vi.waitFor(counted, { timeout: 3_000 });
  });

  test("shows the rules that the system reports of itself, by event and by gauge", async () => {
    const { url, fake } = dashboard;
    const resource = { attributes: [{ key: "service.name", value: { stringValue: "auditor" } }] };
    const text = (key: string, stringValue: string) => ({ key: `invariant.${key}`, value: { stringValue } });
    const now = String(BigInt(Date.now()) * 1_000_000n);
    const offenders = { key: "invariant.offenders", value: { arrayValue: { values: [{ stringValue: "order-7" }] } } };
    const attributes = [text("name", "I1"), text("title", "no double charge"), text("state", "broken"), offenders];
    const logRecords = [{ timeUnixNano: now, eventName: "invariant", attributes }];
    const point = { timeUnixNano: now, asInt: "0", attributes: [text("name", "I3")] };
    const metrics = [{ name: "invariant.violations", gauge: { dataPoints: [point] } }];
    const send = (signal: string, body: unknown) =>
      ask(`${fake.intakeUrl()}/v1/${signal}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    await send("logs", { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] });
    await send("metrics", { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
    await vi.waitFor(async () => {
      const { invariants, events } = await state(url);
      expect(invariants).toMatchObject({
        I1: { state: "broken", title: "no double charge", offenders: [{ id: "order-7" }] },
        I3: { state: "holds" },
      });
      expect(events.some(({ kind, text: said }) => kind === "invariant" && said.startsWith("I1 is broken"))).toBe(true);
    });
  });

  test("answers health, metrics, schema and logs", async () => {
    const { url } = dashboard;
    expect(JSON.parse((await ask(`${url}/healthz`)).text)).toEqual({ ok: true });
    const metrics = (await ask(`${url}/metrics`)).text;
    expect(metrics).toContain("faultline_components_running 3");
    expect(metrics).toMatch(/faultline_commands_total\{name="component:kill",outcome="ok"\} \d+/);
    const schema = JSON.parse((await ask(`${url}/api/schema`)).text);
    expect(schema.commands["fault:add"].input.required).toContain("target");
    expect(schema.snapshot.properties).toHaveProperty("components");
    const logs = JSON.parse((await ask(`${url}/api/components/bank/logs?lines=5`)).text);
    expect(logs).toEqual([{ at: 1, stream: "stdout", text: "bank says hello" }]);
    expect((await ask(`${url}/api/components/moon/logs`)).status).toBe(404);
  });

  test.each<[string, string, Parameters<typeof ask>[1], number]>([
    ["an unknown API path", "/api/nothing", {}, 404],
    ["an unknown command", "/api/commands/nothing", { method: "POST" }, 404],
    ["a command that is read", "/api/commands/heal:everything", {}, 400],
    ["a body that is no JSON", "/api/commands/component:kill", { method: "POST", body: "{" }, 400],
    ["a body that is too large", "/api/commands/component:kill", { method: "POST", body: "x".repeat(70_000) }, 413],
    ["a path that is none", "//", {}, 404],
    ["a path that cannot be decoded", "/api/traces/%E0%A4%A", {}, 400],
    ["a foreign Host", "/api/state", { headers: { host: "evil.example" } }, 403],
    ["a foreign Origin", "/api/state", { headers: { origin: "https://evil.example" } }, 403],
    [
      "telemetry from a foreign page",
      "/v1/traces",
      { method: "POST", headers: { origin: "https://evil.example" } },
      403,
    ],
    [
      "a handshake from a foreign page",
      "/socket.io/?EIO=4&transport=polling",
      { headers: { origin: "https://evil.example" } },
      403,
    ],
  ])("%s is refused", async (_name, path, options, status) => {
    expect((await ask(dashboard.url + path, options)).status).toBe(status);
  });

  test.each<Headers>([{ origin: "https://evil.example" }, { host: "evil.example" }])(
    "a socket with %j is refused",
    async (headers) => {
      const client = connect(dashboard.url, headers);
      await expect(connected(client)).rejects.toThrow();
    },
  );
});

describe("a dashboard with a key", () => {
  const key = "right-key-1";
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await startDashboard({ key });
  });
  afterAll(() => dashboard.close());

  test("refuses whoever does not show it, but tells that it is healthy", async () => {
    const { url } = dashboard;
    expect((await ask(`${url}/api/state`)).status).toBe(401);
    expect((await ask(`${url}/`, { headers: { accept: "text/html" } })).text).toContain("access key");
    expect((await ask(`${url}/v1/traces`, { method: "POST" })).status).toBe(401);
    expect((await ask(`${url}/socket.io/?EIO=4&transport=polling`)).status).toBe(403);
    await expect(connected(connect(url))).rejects.toThrow();
    expect((await ask(`${url}/healthz`)).status).toBe(200);
  });

  test("lets in by bearer, and by the cookie that the address gave", async () => {
    const { url } = dashboard;
    expect((await ask(`${url}/api/state`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
    const first = await ask(`${url}/api/state?key=${key}`);
    expect(first).toMatchObject({ status: 302, headers: { location: "/api/state" } });
    const cookie = String((first.headers["set-cookie"] as string[])[0]).split(";")[0] ?? "";
    expect((await ask(`${url}/api/state`, { headers: { cookie } })).status).toBe(200);
    await connected(connect(url, { cookie }));
  });
});

test("a system that can reset itself is asked in its order, through the agent", async () => {
  const asked: string[] = [];
  const component = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    outgoing.writeHead(asked.length === 1 ? 503 : 200).end();
  });
  await new Promise<void>((done) => component.listen(0, "127.0.0.1", done));
  const upstream = `127.0.0.1:${(component.address() as AddressInfo).port}`;
  const dashboard = await startDashboard({ reset: ["shop", "bank"], upstream });
  const { url, fake } = dashboard;
  await post(url, "component:kill", { component: "bank" });
  await post(url, "policy:preset", { name: "Naive" });
  expect(await post(url, "system:reset", {})).toMatchObject({ ok: true });
  expect(asked).toEqual(["POST /reset", "POST /reset", "POST /reset"]);
  expect(fake.acts.at(-1)).toBe("start bank");
  await vi.waitFor(async () => {
    const { system, faults, events } = await state(url);
    expect([system.preset, faults]).toEqual(["Hardened", {}]);
    expect(events.at(-1)?.text).toMatch(/^everything is as it was at the start/);
  });
  await dashboard.close();
  component.close();
});

test("closing ends the system, the sockets and the port", async () => {
  const dashboard = await startDashboard();
  const client = connect(dashboard.url);
  await connected(client);
  const gone = new Promise((resolve) => client.on("disconnect", resolve));
  await dashboard.close();
  await gone;
  expect(dashboard.fake.isDown()).toBe(true);
  await expect(ask(`${dashboard.url}/healthz`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

function connected(client: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    client.on("connect", resolve);
    client.on("connect_error", reject);
  });
}

function apply(whole: Snapshot, { revision, baseRevision, at, system, user, events, ...maps }: Delta): Snapshot {
  expect(baseRevision).toBe(whole.revision);
  const merge = <T>(before: Record<string, T>, changes: Record<string, T | null> = {}): Record<string, T> =>
    Object.fromEntries(
      Object.entries({ ...before, ...changes }).filter((entry): entry is [string, T] => entry[1] !== null),
    );
  return {
    revision,
    at,
    system: system ?? whole.system,
    user: user ?? whole.user,
    components: merge(whole.components, maps.components),
    edges: merge(whole.edges, maps.edges),
    faults: merge(whole.faults, maps.faults),
    invariants: merge(whole.invariants, maps.invariants),
    events: [...whole.events, ...(events ?? [])],
  };
}
