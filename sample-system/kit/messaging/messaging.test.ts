import { randomUUID } from "node:crypto";
import { trace } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { recordSpans } from "../testing/record-spans.ts";
import { PoisonMessageError, TransientError } from "./errors.ts";
import type { Consumes, Handler } from "./handler.ts";
import { pruneInbox } from "./inbox.ts";
import { createLocalBus } from "./local-bus.ts";
import { createServices, noting, patiently } from "./messaging-test-kit.ts";

let services: Awaited<ReturnType<typeof createServices>>;
let recorded: ReturnType<typeof recordSpans>;
beforeAll(async () => {
  services = await createServices();
});
beforeEach(() => {
  recorded = recordSpans();
});
afterEach(async () => {
  recorded.end();
  await services.closeServices();
});
afterAll(() => services.remove());

const off = { enabled: false };
const flag = (type: string, attributes: Record<string, unknown> = {}) => ({
  id: `f-${type}`,
  type,
  attributes,
  rate: 1,
});

/** One that only tells, and one that takes messages of this name; and what it takes to tell it something. */
async function beginPair<P>(handler: Handler<P>, parts: Parameters<typeof services.begin>[1] = {}) {
  const name = `Told_${randomUUID()}`;
  const teller = await services.begin({}, parts);
  const taker = await services.begin({ [name]: handler } as Consumes, parts);
  const tell = (body: object) =>
    teller.messaging.transaction((tx) => tx.emit({ name, correlationId: "order-1", body }));
  const seen = async (...bodies: object[]) =>
    vi.waitFor(async () => expect(await taker.notes()).toEqual(bodies.map((body) => JSON.stringify(body))), patiently);
  const drained = () =>
    vi.waitFor(async () => {
      expect(await teller.messaging.audit()).toMatchObject({ outbox: 0 });
      expect(await taker.messaging.audit()).toMatchObject({ queued: 0, outbox: 0 });
    }, patiently);
  return { name, teller, taker, tell, seen, drained };
}

test("what a transaction emits arrives, in its trace; what a rolled back one emits does not, with the outbox or without", async () => {
  const { name, teller, taker, tell, drained } = await beginPair(noting);
  const traceId = await trace.getTracer("test").startActiveSpan("checkout", async (span) => {
    await tell({ n: 1 });
    span.end();
    return span.spanContext().traceId;
  });
  for (const outbox of [{ enabled: true }, off]) {
    teller.policies.setComponent({ outbox });
    const rolledBack = teller.messaging.transaction(async (tx) => {
      await tx.emit({ name, correlationId: "order-1", body: { n: "never" } });
      throw new Error("no");
    });
    await expect(rolledBack).rejects.toThrow("no");
  }
  await tell({ n: 2 });
  await vi.waitFor(async () => expect(await taker.notes()).toContain('{"n":2}'), patiently);
  await drained();
  expect(await taker.notes()).toEqual(['{"n":1}', '{"n":2}']);
  const ofTrace = recorded.spans().filter((span) => span.spanContext().traceId === traceId);
  const attributes = { "messaging.message.id": expect.any(String), "messaging.message.conversation_id": "order-1" };
  expect(ofTrace).toEqual([
    expect.objectContaining({ name: "checkout" }),
    expect.objectContaining({ name: `send ${name}`, attributes: expect.objectContaining(attributes) }),
    expect.objectContaining({ name: `process ${name}`, attributes: expect.objectContaining(attributes) }),
  ]);
});

test("what a handler emits names the message that led to it", async () => {
  const answers: unknown[] = [];
  const answer = `Answered_${randomUUID()}`;
  await services.begin({ [answer]: { handle: async (message) => void answers.push(message) } });
  const asked: string[] = [];
  const { tell } = await beginPair({
    async handle({ id, correlationId }, tx) {
      asked.push(id);
      await tx.emit({ name: answer, correlationId, body: {} });
    },
  });
  await tell({});
  await vi.waitFor(() => expect(answers).toHaveLength(1), patiently);
  expect(answers).toEqual([expect.objectContaining({ causationId: asked[0], correlationId: "order-1" })]);
});

test("while the broker is gone the outbox grows, and drains when it is back; without an outbox what was said is lost", async () => {
  const { teller, taker, tell, drained } = await beginPair(noting);
  await services.broker.kill();
  await vi.waitFor(() => expect(teller.messaging.waitingFor()).toBe("rabbitmq"));
  for (let n = 0; n < 120; n++) await tell({ n });
  teller.policies.setComponent({ outbox: off });
  await tell({ n: "lost" });
  expect(await teller.messaging.audit()).toMatchObject({ outbox: 120, queue: null });
  expect((await teller.messaging.audit()).oldestOutboxMs).toBeGreaterThan(0);
  services.broker.start();
  await vi.waitFor(async () => expect(await taker.notes()).toHaveLength(120), patiently);
  await drained();
  await tell({ n: "heard" });
  await vi.waitFor(async () => expect((await taker.notes()).slice(120)).toEqual(['{"n":"heard"}']), patiently);
});

test("delivered twice: the inbox notices, and without one it counts twice", async () => {
  const prepared: unknown[] = [];
  const { name, taker, tell, seen } = await beginPair({
    ...noting,
    prepare: async ({ body }) => void prepared.push(body),
  });
  taker.policies.setFaults([flag("duplicate_delivery")]);
  await tell({ n: 1 });
  const processed = () => recorded.spans().filter((span) => span.name === `process ${name}`);
  await vi.waitFor(() => expect(processed()).toHaveLength(2), patiently);
  expect(processed()[1]).toMatchObject({
    attributes: { "messaging.duplicate": true, "fault.type": "duplicate_delivery", "fault.id": "f-duplicate_delivery" },
    events: [{ name: "duplicate" }],
  });
  expect(prepared).toEqual([{ n: 1 }]);
  taker.policies.setComponent({ inbox: off });
  await tell({ n: 2 });
  await seen({ n: 1 }, { n: 2 }, { n: 2 });
});

test("a crash before the acknowledgement hits new messages of the given name only, and the inbox knows the one that comes again", async () => {
  const name = `Crashing_${randomUUID()}`;
  let crashes = 0;
  const first = await services.begin(
    { [name]: noting },
    {
      // As by SIGKILL, the connection is gone before anything is acknowledged.
      async crash() {
        crashes += 1;
        await first.bus.close();
      },
    },
  );
  const teller = await services.begin();
  const tell = (body: object) => teller.messaging.transaction((tx) => tx.emit({ name, correlationId: "1", body }));
  first.policies.setFaults([flag("crash_before_ack", { message: "AnotherName" })]);
  await tell({ n: 1 });
  await vi.waitFor(async () => expect(await first.notes()).toHaveLength(1), patiently);
  first.policies.setFaults([flag("crash_before_ack", { message: name })]);
  await tell({ n: 2 });
  await vi.waitFor(() => expect(crashes).toBe(1), patiently);
  const crash = async () => {
    crashes += 1;
  };
  const second = await services.begin({ [name]: noting }, { name: first.service, crash });
  second.policies.setFaults([flag("crash_before_ack", { message: name })]);
  const duplicates = () => recorded.spans().filter((span) => span.attributes["messaging.duplicate"] === true);
  await vi.waitFor(() => expect(duplicates()).toHaveLength(1), patiently);
  expect(duplicates()[0]?.attributes).toMatchObject({ "messaging.redelivered": true });
  expect([crashes, await second.notes()]).toEqual([1, ['{"n":1}', '{"n":2}']]);
});

test("what fails is tried three times, what is not understood once; then both are dead, and the rest goes on", async () => {
  let failed = 0;
  const { taker, tell, seen } = await beginPair({
    async handle(message, tx) {
      const { n } = message.body as { n: string };
      if (n === "poison") throw new PoisonMessageError("not understood");
      if (n === "fails") {
        await noting.handle(message, tx);
        failed += 1;
        throw new Error("always");
      }
      await noting.handle(message, tx);
    },
  });
  await tell({ n: "fails" });
  await tell({ n: "poison" });
  await tell({ n: "good" });
  await seen({ n: "good" });
  await vi.waitFor(
    async () => expect(await taker.messaging.audit()).toMatchObject({ queued: 0, dead: 2, explained: 2 }),
    patiently,
  );
  expect(failed).toBe(3);
  expect(await taker.notes()).toEqual(['{"n":"good"}']);
});

test("without dead letters a message that fails comes for ever", async () => {
  let failed = 0;
  const { taker, tell } = await beginPair({
    async handle() {
      failed += 1;
      throw new PoisonMessageError("never");
    },
  });
  taker.policies.setComponent({ deadLetters: { enabled: false, maxDeliveries: 3 } });
  await tell({});
  await vi.waitFor(() => expect(failed).toBeGreaterThan(3), patiently);
  expect(await taker.messaging.audit()).toMatchObject({ queued: 1, dead: 0 });
  taker.policies.setComponent({ deadLetters: { enabled: true, maxDeliveries: 3 } });
  await vi.waitFor(async () => expect(await taker.messaging.audit()).toMatchObject({ queued: 0, dead: 1 }), patiently);
});

test("what will pass is tried again in place, however long it takes: the database dies in the middle", async () => {
  const gate = Promise.withResolvers<void>();
  let attempts = 0;
  const { taker, tell, seen, drained } = await beginPair({
    async prepare() {
      attempts += 1;
      if (attempts < 5) throw new TransientError("not yet");
      if (attempts === 5) await services.postgres.kill();
      gate.resolve();
    },
    handle: noting.handle,
  });
  await tell({ n: 1 });
  await gate.promise;
  services.postgres.start();
  await seen({ n: 1 });
  await drained();
  expect(await taker.messaging.audit()).toMatchObject({ dead: 0 });
});

test("a consumer that is paused lets its queue grow, and goes on afterwards", async () => {
  const { taker, tell, seen } = await beginPair(noting);
  taker.policies.setFaults([flag("consumer_paused")]);
  await tell({ n: 1 });
  await vi.waitFor(async () => expect(await taker.messaging.audit()).toMatchObject({ queued: 1 }), patiently);
  expect(await taker.notes()).toEqual([]);
  taker.policies.setFaults([]);
  await seen({ n: 1 });
});

test("a poisoned queue ends with one explained dead letter, however often the fault is told", async () => {
  const { taker } = await beginPair(noting);
  taker.policies.setFaults([flag("poison_message")]);
  taker.policies.setFaults([flag("poison_message"), flag("consumer_paused")]);
  taker.policies.setFaults([flag("poison_message")]);
  await vi.waitFor(
    async () => expect(await taker.messaging.audit()).toMatchObject({ queued: 0, dead: 1, explained: 1 }),
    patiently,
  );
});

test("a reset forgets what waits, is in work, is dead or was not told yet, and takes nothing until it is resumed", async () => {
  const { taker, tell, seen, drained } = await beginPair({
    async handle(message, tx) {
      const { n } = message.body as { n: string };
      if (n === "dead") throw new PoisonMessageError("no");
      if (n === "stuck") throw new TransientError("not now");
      if (n === "fails") throw new Error("no");
      await noting.handle(message, tx);
    },
  });
  for (const n of ["dead", "stuck", "fails", "good"]) await tell({ n });
  await seen({ n: "good" });
  await vi.waitFor(async () => expect(await taker.messaging.audit()).toMatchObject({ dead: 1, queued: 2 }), patiently);
  await taker.messaging.reset();
  expect(await taker.messaging.audit()).toMatchObject({ outbox: 0, queued: 0, dead: 0, explained: 0 });
  expect(await taker.database.query("SELECT FROM inbox")).toEqual([]);
  await tell({ n: "afterwards" });
  await vi.waitFor(async () => expect(await taker.messaging.audit()).toMatchObject({ queued: 1 }), patiently);
  await taker.messaging.resume();
  await seen({ n: "good" }, { n: "afterwards" });
  await drained();
});

test("the inbox forgets what is older than an hour", async () => {
  const { database } = await services.begin();
  await database.query("INSERT INTO inbox VALUES ('old', now() - interval '61 minutes'), ('new', now())");
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const pruning = pruneInbox(database);
  vi.advanceTimersByTime(60_000);
  pruning.close();
  vi.useRealTimers();
  await vi.waitFor(
    async () => expect(await database.query("SELECT message_id AS id FROM inbox")).toEqual([{ id: "new" }]),
    patiently,
  );
});

test("the local bus carries services too", async () => {
  const bus = createLocalBus();
  const { tell, seen, drained } = await beginPair(noting, { bus });
  await tell({ n: 1 });
  await seen({ n: 1 });
  await drained();
});
