import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { findFreePort } from "../kit/testing/start-stand-in.ts";
import { startWorld, type World } from "./testing/start-world.ts";

/* Ordering as a process, killed (SIGKILL) whenever it hurts, and started again. */
let world: World;
let child: ChildProcess | undefined;
let port: number;

beforeAll(async () => {
  world = await startWorld();
  port = await findFreePort();
});
beforeEach(async () => {
  world.participants.play({});
  world.participants.onCommand(() => {});
  if (!isAlive()) start();
  await isReady();
});
afterAll(async () => {
  await kill();
  await world.remove();
});

const isAlive = () => child !== undefined && child.exitCode === null && child.signalCode === null;

function start() {
  const { url } = world.participants;
  child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: world.databaseUrl,
      BROKER_URL: world.brokerUrl,
      CATALOG_URL: url,
      INVENTORY_URL: url,
      PAYMENTS_URL: url,
      SHIPPING_URL: url,
      NOTIFICATIONS_URL: url,
    },
    stdio: "ignore",
  });
}

async function kill() {
  if (!child || !isAlive()) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

async function ask(path: string, init?: RequestInit) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { ...init, signal: AbortSignal.timeout(5_000) });
  return answer.json();
}
/** The same key is the same order: who was not answered, since ordering was killed, asks again. */
const place = (key: string = randomUUID()) =>
  ask("/orders", {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ sku: "milk", quantity: 1 }),
  });
const isReady = () =>
  vi.waitFor(async () => expect((await ask("/ready")).ready).toBe(true), { timeout: 20_000, interval: 50 });
const isOver = (id: string, statuses: string[]) =>
  vi.waitFor(async () => expect(statuses).toContain((await ask(`/orders/${id}`)).status), {
    timeout: 40_000,
    interval: 50,
  });
const statesOf = (id: string) => Object.values(world.participants.states).map((kind) => kind.get(id));

/** Places an order, kills ordering when a participant has just been given this command, and starts it again. */
async function placeAndKillAt(command: string): Promise<{ id: string }> {
  const { promise: killed, resolve } = Promise.withResolvers<void>();
  let hit = false;
  world.participants.onCommand((name) => {
    if (name !== command || hit) return;
    hit = true;
    void kill().then(resolve);
  });
  const key = randomUUID();
  await Promise.all([place(key).catch(() => {}), killed]);
  start();
  await isReady();
  return place(key);
}

test.each(["ReserveStock", "AuthorizePayment", "BookShipment", "CapturePayment", "CommitStock"])(
  "killed when %s is on its way: goes on from the saga log",
  async (command) => {
    const { id } = await placeAndKillAt(command);
    await isOver(id, ["CONFIRMED"]);
    expect(statesOf(id)).toEqual(["committed", "captured", "booked"]);
  },
);

test.each([
  ["VoidPayment", "AuthorizePayment"],
  ["ReleaseStock", "ReserveStock"],
  ["CancelShipment", "BookShipment"],
])("killed while %s is on its way, with its reply lost: compensates to the end", async (command, refused) => {
  world.participants.play({ [refused]: ["refused"], [command]: ["lost", "ok"] });
  const { id } = await placeAndKillAt(command);
  await isOver(id, ["CANCELLED"]);
  await vi.waitFor(() => expect(statesOf(id)).not.toContain("booked"));
  expect(statesOf(id)[0]).toBe("released");
});

test("the broker killed in the middle is only a delay", async () => {
  const { id } = await place();
  await world.broker.kill();
  const second = await place();
  expect(second.status).toBe("PENDING");
  world.broker.start();
  await isOver(id, ["CONFIRMED"]);
  await isOver(second.id, ["CONFIRMED"]);
});

test("killed at any time while replies are lost and doubled: every order ends, and all agree on how", async () => {
  const often = ["ok", "doubled", "ok", "lost", "ok", "ok", "refused", "ok"] as const;
  const names = ["ReserveStock", "AuthorizePayment", "BookShipment"];
  world.participants.play(Object.fromEntries(names.map((name, i) => [name, often.slice(i).concat(cycle(often, 20))])));
  const keys: string[] = [];
  for (const commands of [1, 9, 4, 12, 7]) {
    let left = commands;
    const { promise: killed, resolve } = Promise.withResolvers<void>();
    world.participants.onCommand(() => {
      left -= 1;
      if (left === 0) void kill().then(resolve);
    });
    const placed = Array.from({ length: 4 }, () => randomUUID());
    keys.push(...placed);
    await Promise.all([killed, ...placed.map((key) => place(key).catch(() => {}))]);
    start();
    await isReady();
  }
  const ids = await Promise.all(keys.map(async (key) => (await place(key)).id as string));
  for (const id of ids) {
    await isOver(id, ["CONFIRMED", "CANCELLED"]);
    const { status } = await ask(`/orders/${id}`);
    const expected =
      status === "CONFIRMED"
        ? ["committed", "captured", "booked"]
        : ["released", /voided|undefined/, /cancelled|undefined/];
    await vi.waitFor(() => statesOf(id).forEach((state, i) => void expect(String(state)).toMatch(expected[i] ?? "")));
  }
}, 120_000);

function cycle<T>(of: readonly T[], times: number): T[] {
  return Array.from({ length: times }, () => of).flat();
}
