import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Ledger, openLedger } from "../bank/ledger.ts";
import { createBank } from "../bank/module.ts";
import { createEdge } from "../kit/calls/call-edge.ts";
import { type Database, openDatabase } from "../kit/database.ts";
import { createHttpServer } from "../kit/http-server.ts";
import type { Message } from "../kit/messaging/messaging.ts";
import { createRabbitBus } from "../kit/messaging/rabbit-bus.ts";
import type { Module } from "../kit/module.ts";
import { createFixedPolicies } from "../kit/testing/fixed-policies.ts";
import { createStandIn, type StandIn } from "../kit/testing/start-stand-in.ts";
import { createPayments, migrations } from "./module.ts";

/* Payments with its Postgres, a broker and a bank that can be told to misbehave. The bank's ledger is the witness. */
const on = { enabled: true };
const off = { enabled: false };
const hardened = {
  capacity: { workers: 8, serviceTimeMs: 0 },
  ...{ idempotencyKeys: on, inbox: on, outbox: on },
  deadLetters: { enabled: true, maxDeliveries: 3 },
};
const naive = { idempotencyKeys: off, inbox: off, outbox: off, deadLetters: { enabled: false, maxDeliveries: 3 } };
const policies = createFixedPolicies({ retry: { enabled: false, maxAttempts: 3, backoffMs: 0, budgetPercent: 100 } });

let postgres: StandIn;
let broker: StandIn;
let database: Database;
let ledger: Ledger;
let bankServer: FastifyInstance;
let payments: Module;
let server: FastifyInstance;
let bus: ReturnType<typeof createRabbitBus>;
const folder = mkdtempSync(join(tmpdir(), "payments-test-"));
const replies: Message[] = [];
/** What the bank does to its next requests, whose path ends so: it loses the replies to some, then refuses some. */
let trouble = { lose: 0, refuse: 0, path: "" };

beforeAll(async () => {
  postgres = await createStandIn("postgres", {
    POSTGRES_USER: "payments",
    POSTGRES_PASSWORD: "payments",
    POSTGRES_DB: "payments",
  });
  broker = await createStandIn("broker", { RABBITMQ_DEFAULT_USER: "shop", RABBITMQ_DEFAULT_PASS: "shop" });
  postgres.start();
  broker.start();
  ledger = openLedger(folder);
  bankServer = createHttpServer({ capacity: () => hardened.capacity });
  bankServer.addHook("onRequest", async (request, reply) => {
    if (!request.url.endsWith(trouble.path) || trouble.lose > 0 || trouble.refuse === 0) return;
    trouble.refuse -= 1;
    return reply.status(503).send({});
  });
  bankServer.addHook("onSend", async (request) => {
    if (!request.url.endsWith(trouble.path) || trouble.lose === 0) return;
    trouble.lose -= 1;
    request.raw.socket.destroy();
  });
  createBank({ ledger }).addRoutes(bankServer);
  const bankUrl = await bankServer.listen({ port: 0, host: "127.0.0.1" });

  const brokerUrl = `amqp://shop:shop@127.0.0.1:${broker.port}`;
  database = openDatabase({
    url: `postgres://payments:payments@127.0.0.1:${postgres.port}/payments`,
    peer: "payments-db",
    migrations,
  });
  const bank = createEdge("payments", "bank", bankUrl, policies);
  payments = createPayments({ policies, database, bus: createRabbitBus(brokerUrl), bank });
  server = createHttpServer({ capacity: () => hardened.capacity });
  payments.addRoutes(server);

  bus = createRabbitBus(brokerUrl);
  const answers = ["PaymentAuthorized", "PaymentDeclined", "PaymentCaptured", "PaymentVoided"];
  const onMessage = async ({ message }: { message: Message }) => {
    replies.push(message);
    return { kind: "done" } as const;
  };
  await bus.subscribe({ queue: "ordering", names: answers, onMessage }).resume();
  await vi.waitFor(
    async () => {
      expect(bus.waitingFor()).toBe(null);
      for (const need of payments.needs) expect(await need.waitingFor()).toBe(null);
    },
    { timeout: 30_000 },
  );
});
beforeEach(() => {
  policies.setComponent(hardened);
  policies.set({ retry: { enabled: false, maxAttempts: 3, backoffMs: 0, budgetPercent: 100 } });
  trouble = { lose: 0, refuse: 0, path: "" };
});
afterAll(async () => {
  for (const part of payments.parts) await part.close();
  await bus.close();
  await Promise.all([server.close(), bankServer.close(), postgres.remove(), broker.remove()]);
  rmSync(folder, { recursive: true, force: true });
});

function toCommand(name: string, body: { orderId: string; amountCents?: number }): Message {
  return { id: randomUUID(), name, correlationId: body.orderId, at: Date.now(), body };
}
async function send(name: string, body: { orderId: string; amountCents?: number }, copies = 1) {
  const message = toCommand(name, body);
  for (let i = 0; i < copies; i++) await bus.publish(message, {});
}
const answersFor = (orderId: string) =>
  replies.filter(({ correlationId }) => correlationId === orderId).map(({ name }) => name);
const answered = (orderId: string, ...names: string[]) => vi.waitFor(() => expect(answersFor(orderId)).toEqual(names));
const entriesFor = (orderId: string) =>
  ledger
    .since(0, 10_000)
    .filter(({ reference }) => reference === orderId)
    .map(({ kind }) => kind);
async function stateOf(orderId: string) {
  const answer = await server.inject({ method: "GET", url: `/payments/${orderId}` });
  return answer.json().state;
}
const drained = () =>
  vi.waitFor(async () =>
    expect(await payments.audit?.({ since: 0 })).toMatchObject({ messaging: { queued: 0, outbox: 0 } }),
  );
const pay = (orderId: string, amountCents = 500) =>
  server.inject({ method: "POST", url: "/payments", payload: { orderId, amountCents } });

test("authorizes, captures, and says so each time it is asked", async () => {
  const orderId = randomUUID();
  expect(await stateOf(orderId)).toBe("unknown");
  await send("AuthorizePayment", { orderId, amountCents: 500 });
  await answered(orderId, "PaymentAuthorized");
  expect(await stateOf(orderId)).toBe("authorized");
  await send("CapturePayment", { orderId });
  await answered(orderId, "PaymentAuthorized", "PaymentCaptured");
  await send("AuthorizePayment", { orderId, amountCents: 500 });
  await answered(orderId, "PaymentAuthorized", "PaymentCaptured", "PaymentAuthorized");
  await send("CapturePayment", { orderId });
  await answered(orderId, "PaymentAuthorized", "PaymentCaptured", "PaymentAuthorized", "PaymentCaptured");
  expect([await stateOf(orderId), entriesFor(orderId)]).toEqual(["captured", ["authorized", "captured"]]);
});

test("a declined card is an answer", async () => {
  const orderId = randomUUID();
  await send("AuthorizePayment", { orderId, amountCents: 1_000_000 });
  await answered(orderId, "PaymentDeclined");
  expect(replies.at(-1)?.body).toEqual({ orderId, reason: "the card is declined" });
  expect([await stateOf(orderId), entriesFor(orderId)]).toEqual(["declined", []]);
  expect((await pay(randomUUID(), 1_000_000)).statusCode).toBe(402);
});

test("a command that is delivered twice charges once with inbox and keys", async () => {
  const orderId = randomUUID();
  await send("AuthorizePayment", { orderId, amountCents: 500 }, 2);
  await answered(orderId, "PaymentAuthorized");
  await send("CapturePayment", { orderId }, 2);
  await drained();
  expect([answersFor(orderId), entriesFor(orderId)]).toEqual([
    ["PaymentAuthorized", "PaymentCaptured"],
    ["authorized", "captured"],
  ]);
});

test("without them it charges twice", async () => {
  policies.setComponent(naive);
  const orderId = randomUUID();
  await send("AuthorizePayment", { orderId, amountCents: 500 }, 2);
  await answered(orderId, "PaymentAuthorized", "PaymentAuthorized");
  await send("CapturePayment", { orderId });
  await vi.waitFor(() => expect(entriesFor(orderId)).toEqual(["authorized", "authorized", "captured", "captured"]));
});

test("a reply that the bank loses is a double charge without keys; with them the same answer comes again", async () => {
  const retry = { enabled: true, maxAttempts: 3, backoffMs: 0, budgetPercent: 100 };
  policies.set({ retry });
  trouble = { lose: 1, refuse: 0, path: "/capture" };
  policies.setComponent(naive);
  const twice = randomUUID();
  expect((await pay(twice)).statusCode).toBe(200);
  expect(entriesFor(twice)).toEqual(["authorized", "captured", "captured"]);

  policies.setComponent(hardened);
  trouble.lose = 1;
  const once = randomUUID();
  expect((await pay(once)).statusCode).toBe(200);
  expect(entriesFor(once)).toEqual(["authorized", "captured"]);
});

test("while the bank is in trouble the payment is in progress, and goes on by itself", async () => {
  trouble = { lose: 1, refuse: 1, path: "/authorizations" };
  const orderId = randomUUID();
  await send("AuthorizePayment", { orderId, amountCents: 500 });
  await vi.waitFor(async () => expect(await stateOf(orderId)).toBe("in_progress"));
  await answered(orderId, "PaymentAuthorized");
  expect(entriesFor(orderId)).toEqual(["authorized"]);
});

test("a void gives the money back, and an order given up before it began is declined", async () => {
  const [held, early] = [randomUUID(), randomUUID()];
  await send("AuthorizePayment", { orderId: held, amountCents: 500 });
  await answered(held, "PaymentAuthorized");
  await send("VoidPayment", { orderId: held });
  await answered(held, "PaymentAuthorized", "PaymentVoided");
  expect([await stateOf(held), entriesFor(held)]).toEqual(["voided", ["authorized", "voided"]]);

  await send("VoidPayment", { orderId: early });
  await answered(early, "PaymentVoided");
  await send("AuthorizePayment", { orderId: early, amountCents: 500 });
  await answered(early, "PaymentVoided", "PaymentDeclined");
  expect([await stateOf(early), entriesFor(early)]).toEqual(["voided", []]);
});

test("a void that overtakes its authorization leaves no money held", async () => {
  const orderId = randomUUID();
  // The bank has authorized, and nobody here knows: the reply is lost, and the next questions are refused.
  trouble = { lose: 1, refuse: 1_000, path: "/authorizations" };
  await send("AuthorizePayment", { orderId, amountCents: 500 });
  await vi.waitFor(() => expect(entriesFor(orderId)).toEqual(["authorized"]));
  await send("VoidPayment", { orderId });
  await answered(orderId, "PaymentVoided");
  trouble.refuse = 0;
  await answered(orderId, "PaymentVoided", "PaymentDeclined");
  expect([await stateOf(orderId), entriesFor(orderId)]).toEqual(["voided", ["authorized", "voided"]]);
});

test("what cannot be is a dead letter with its reason", async () => {
  const orderId = randomUUID();
  await pay(orderId);
  await send("VoidPayment", { orderId });
  await send("CapturePayment", { orderId: randomUUID() });
  await vi.waitFor(async () =>
    expect(await payments.audit?.({ since: 0 })).toMatchObject({ messaging: { dead: 2, explained: 2 } }),
  );
  expect(await stateOf(orderId)).toBe("captured");
});

test("the audit tells what changed since; a reset forgets it all, and payments go on", async () => {
  await pay(randomUUID());
  const since = Date.now() + 1;
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(since));
  const orderId = randomUUID();
  await pay(orderId);
  expect(await payments.audit?.({ since })).toMatchObject({ payments: [{ orderId, state: "captured" }] });
  await payments.reset();
  expect(await payments.audit?.({ since: 0 })).toMatchObject({
    payments: [],
    messaging: { outbox: 0, queued: 0, dead: 0 },
  });
  await send("AuthorizePayment", { orderId, amountCents: 500 });
  await answered(orderId, "PaymentAuthorized");
});
