import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createEdge } from "../kit/calls/call-edge.ts";
import { type CallAnswer, createHttpClient, type HttpClient } from "../kit/calls/http-call.ts";
import { after } from "../kit/calls/time-limit.ts";
import { createStandIn, findFreePort, type StandIn } from "../kit/testing/start-stand-in.ts";
import { createSession } from "../load/session.ts";
import { createShop } from "./shop.ts";
import { createPresetPolicies } from "./testing/preset-policies.ts";
import { type Served, serve, serveBank, startServices } from "./testing/start-services.ts";

/*
 * The same requests to both shapes of the shop, each with a Postgres and a bank, under the policies that it comes with.
 * What differs from run to run (ids, times) is blotted out; all else must be the same.
 */
type Shape = { name: string; gateway: HttpClient; sql: pg.Pool; bankUrl: string; setPreset(name: string): void };

const tokenSecret = "a secret of at least 32 characters";
const account = { POSTGRES_USER: "shop", POSTGRES_PASSWORD: "shop", POSTGRES_DB: "shop" };
const folder = mkdtempSync(join(tmpdir(), "same-answers-"));
const servicesPolicies = createPresetPolicies(new URL("../policies.json", import.meta.url));
const shopPolicies = createPresetPolicies(new URL("policies.json", import.meta.url));
const standIns: StandIn[] = [];
const served: Served[] = [];
let shapes: Shape[] = [];

async function startPostgres(): Promise<string> {
  const postgres = await createStandIn("postgres", account);
  standIns.push(postgres);
  postgres.start();
  return `postgres://shop:shop@127.0.0.1:${postgres.port}/shop`;
}

beforeAll(async () => {
  const broker = await createStandIn("broker", { RABBITMQ_DEFAULT_USER: "shop", RABBITMQ_DEFAULT_PASS: "shop" });
  standIns.push(broker);
  broker.start();
  const [many, one] = [await startPostgres(), await startPostgres()];

  const banks = [
    await serveBank(join(folder, "services"), servicesPolicies.of("bank")),
    await serveBank(join(folder, "monolith"), shopPolicies.of("bank")),
  ] as const;
  const services = await startServices({
    policiesOf: servicesPolicies.of,
    databaseUrl: many,
    brokerUrl: `amqp://shop:shop@127.0.0.1:${broker.port}`,
    bankUrl: banks[0].url,
    grpcPort: await findFreePort(),
    tokenSecret,
  });
  const policies = shopPolicies.of("shop");
  const bank = createEdge("shop", "bank", banks[1].url, policies);
  const shop = await serve(createShop({ policies, databaseUrl: one, bank, tokenSecret }), policies);
  // Callers before callees, so that nobody waits for who has gone.
  served.push(shop, ...services.toReversed(), ...banks);

  const toShape = (name: string, url: string, database: string, bankUrl: string, setPreset: Shape["setPreset"]) => ({
    name,
    gateway: createHttpClient("gateway", url),
    sql: new pg.Pool({ connectionString: database, max: 1 }),
    bankUrl,
    setPreset,
  });
  shapes = [
    toShape("services", services.at(-1)?.url ?? "", many, banks[0].url, servicesPolicies.set),
    toShape("monolith", shop.url, one, banks[1].url, shopPolicies.set),
  ];
  for (const { server } of served) {
    const isReady = async () => expect((await server.inject("/ready")).json()).toMatchObject({ ready: true });
    await vi.waitFor(isReady, { timeout: 60_000 });
  }
  for (const { sql } of shapes) {
    // A ring that no card is good for, and one truffle. Ordering would have them with the next list, in ten seconds.
    await sql.query("INSERT INTO catalog.products VALUES ('ring', 'Ring', 1000000), ('truffle', 'Truffle', 9900)");
    await sql.query(
      "INSERT INTO ordering.prices SELECT sku, price_cents, now() FROM catalog.products ON CONFLICT DO NOTHING",
    );
    await sql.query("INSERT INTO inventory.stock (sku, initial, on_hand) VALUES ('ring', 9, 9), ('truffle', 1, 1)");
  }
}, 90_000);
afterAll(async () => {
  for (const { gateway, sql } of shapes) {
    gateway.close();
    await sql.end();
  }
  for (const one of served) await one.close();
  for (const standIn of standIns) await standIn.remove();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

/** Each time another customer, so that none comes to the limit of their rate. */
const ask = ({ gateway }: Shape, request: Parameters<HttpClient["request"]>[0]) =>
  createSession(gateway, randomUUID()).request(request, after(20_000));

const volatile = /[0-9a-f]{8}-[0-9a-f-]{27}|CS-[0-9A-F-]{13}/g;
/** Without ids and times. Whose reply comes first is chance too, so a history is compared as what it holds. */
function blot({ status, body }: CallAnswer): CallAnswer {
  const text = JSON.stringify(body, (key, value) => {
    if (key !== "history") return value;
    return (value as { step: string; what: string }[]).map(({ step, what }) => `${step} ${what}`).sort();
  });
  return { status, body: JSON.parse(text.replaceAll(volatile, "…")) };
}

/** A checkout, and what becomes of its order and of the customer's money. */
async function checkout(shape: Shape, sku: unknown, quantity: number, key: string) {
  const order = { method: "POST", path: "/checkout", body: { sku, quantity }, idempotencyKey: key } as const;
  const answer = await ask(shape, order);
  const { id } = answer.body as { id?: string };
  const end = id === undefined ? undefined : await awaitEnd(shape, id);
  const ledger = (await (await fetch(`${shape.bankUrl}/ledger`)).json()) as {
    entries: { kind: string; reference: string }[];
  };
  const money = ledger.entries.filter(({ reference }) => reference === id).map(({ kind }) => kind);
  return { answer: blot(answer), end: end && blot(end), money, id };
}

async function awaitEnd(shape: Shape, id: string): Promise<CallAnswer> {
  const statusOf = ({ body }: CallAnswer) => (body as { status: string }).status;
  let page = await ask(shape, { method: "GET", path: `/orders/${id}` });
  await expect
    .poll(
      async () => {
        page = await ask(shape, { method: "GET", path: `/orders/${id}` });
        return statusOf(page);
      },
      { timeout: 30_000 },
    )
    .not.toBe("PENDING");
  return page;
}

/** What all shapes say, once they have said the same. */
async function sameFrom<T>(what: (shape: Shape) => Promise<T>): Promise<T> {
  const [services, monolith] = await Promise.all(shapes.map(what));
  expect(monolith).toEqual(services);
  return monolith as T;
}
async function sameCheckout(sku: unknown, quantity: number) {
  return sameFrom(async (shape) => {
    const { id, ...seen } = await checkout(shape, sku, quantity, randomUUID());
    return seen;
  });
}

describe.each([
  { preset: "hardened", taken: 202 },
  { preset: "naive", taken: 201 },
])("$preset", ({ preset, taken }) => {
  beforeEach(() => {
    for (const { setPreset } of shapes) setPreset(preset);
  });

  test("an order is taken, confirmed, shipped and charged once", async () => {
    const { answer, end, money } = await sameCheckout("milk", 2);
    expect(answer).toMatchObject({ status: taken, body: { sku: "milk", quantity: 2, amountCents: 278 } });
    expect(end).toMatchObject({ status: 200, body: { status: "CONFIRMED", shipment: { state: "booked" } } });
    expect(money).toEqual(["authorized", "captured"]);
  });

  test.each([
    ["the card is declined", "ring", 1],
    ["there is not enough of it", "truffle", 2],
    ["the parcel is too heavy", "tea", 91],
  ])("%s", async (_why, sku, quantity) => {
    const { answer, end, money } = await sameCheckout(sku, quantity);
    if (preset === "hardened") {
      expect([answer.status, end?.body]).toMatchObject([202, { status: "CANCELLED" }]);
      expect(money).not.toContain("captured");
    } else expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  test.each([
    ["a product that nobody knows", "gold", 1, 404],
    ["a quantity of none", "milk", 0, 400],
    ["a sku that is no text", 7, 1, 400],
  ])("%s is refused", async (_what, sku, quantity, status) => {
    expect((await sameCheckout(sku, quantity)).answer.status).toBe(status);
  });

  test("the same key again, and with other goods", async () => {
    const [again, other] = await sameFrom(async (shape) => {
      const key = randomUUID();
      const first = await checkout(shape, "jam", 1, key);
      const second = await checkout(shape, "jam", 1, key);
      const third = await checkout(shape, "tea", 1, key);
      return [first.id === second.id, third.answer.status];
    });
    expect([again, other]).toEqual(preset === "hardened" ? [true, 422] : [false, 201]);
  });

  test("who shows no token stays outside, and an order of nobody is not found", async () => {
    const statuses = await sameFrom(async (shape) => {
      const outside = await shape.gateway.request({ method: "POST", path: "/checkout", body: {} }, after(5_000));
      const nobodys = await ask(shape, { method: "GET", path: `/orders/${randomUUID()}` });
      return [outside, nobodys].map(blot);
    });
    expect(statuses).toMatchObject([{ status: 401 }, { status: 404 }]);
  });
});

test("the books of each module are open to the auditor, and a reset empties them", async () => {
  const monolith = served[0]?.url;
  const audit = async (name: string) =>
    (await (await fetch(`${monolith}/modules/${name}/audit?since=0`)).json()) as Record<string, unknown>;
  expect((await audit("ordering")).orders).not.toEqual([]);
  expect(await (await fetch(`${monolith}/reset`, { method: "POST" })).json()).toEqual({ reset: true });
  const left = await Promise.all(["ordering", "payments", "shipping", "notifications", "inventory"].map(audit));
  expect(left).toMatchObject([
    { orders: [] },
    { payments: [] },
    { shipments: [] },
    { mails: [] },
    { reservations: [] },
  ]);
  expect((await audit("catalog")).products).toHaveLength(12);
});
