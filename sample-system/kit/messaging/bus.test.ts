import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createStandIn, type StandIn } from "../testing/start-stand-in.ts";
import type { Bus, Delivery, Verdict } from "./bus.ts";
import { createLocalBus } from "./local-bus.ts";
import type { Message } from "./message.ts";
import { createRabbitBus } from "./rabbit-bus.ts";

/*
 * The rules of bus.ts, kept by both buses; and, where RABBITMQ_TEST_URL names one, by a RabbitMQ instead of the stand-in.
 */
let broker: StandIn;
let standInUrl: string;
beforeAll(async () => {
  broker = await createStandIn("broker", { RABBITMQ_DEFAULT_USER: "shop", RABBITMQ_DEFAULT_PASS: "shop" });
  standInUrl = `amqp://shop:shop@127.0.0.1:${broker.port}`;
  broker.start();
});
afterAll(() => broker.remove());

const buses = [
  { name: "stand-in", create: () => createRabbitBus(standInUrl) },
  { name: "local", create: createLocalBus },
];
const real = process.env.RABBITMQ_TEST_URL;
if (real) buses.push({ name: "RabbitMQ", create: () => createRabbitBus(real) });

const patiently = { timeout: 10_000, interval: 20 };

describe.each(buses)("$name", ({ create }) => {
  const open: Bus[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((bus) => bus.close()));
  });
  async function begin() {
    const bus = create();
    open.push(bus);
    await vi.waitFor(() => expect(bus.waitingFor()).toBe(null), patiently);
    return bus;
  }

  /** A queue with a name of its own, that takes messages of a name of its own; `decide` says what becomes of each. */
  function subscribe(
    bus: Bus,
    decide: (delivery: Delivery) => Promise<Verdict> | Verdict,
    queue = `q-${randomUUID()}`,
  ) {
    const seen: Delivery[] = [];
    const subscription = bus.subscribe({
      queue,
      names: [`${queue}-event`],
      async onMessage(delivery) {
        seen.push(delivery);
        return decide(delivery);
      },
    });
    const message = (body: unknown = {}): Message => ({
      id: randomUUID(),
      name: `${queue}-event`,
      correlationId: "order-1",
      at: Date.now(),
      body,
    });
    const ready = () => vi.waitFor(() => subscription.counts(), patiently);
    const bodies = () => seen.map(({ message: { body } }) => body);
    return { queue, subscription, seen, bodies, message, ready };
  }
  const done = (): Verdict => ({ kind: "done" });

  test("a message arrives whole, once at each queue that takes its name", async () => {
    const bus = await begin();
    const first = subscribe(bus, done);
    const second = subscribe(bus, done);
    await Promise.all([first.ready(), second.ready()]);
    const message = { ...first.message({ sku: "milk", text: "Grüße" }), causationId: randomUUID() };
    await bus.publish(message, { traceparent: "00-1-2-01" });
    await bus.publish(second.message("other"), {});
    await bus.publish({ ...message, name: "taken by nobody" }, {});
    await vi.waitFor(() => expect([first.seen, second.bodies()]).toEqual([[expect.anything()], ["other"]]), patiently);
    expect(first.seen[0]).toMatchObject({
      message,
      headers: { traceparent: "00-1-2-01" },
      redelivered: false,
      deliveries: 1,
    });
    await vi.waitFor(async () => expect(await first.subscription.counts()).toMatchObject({ queued: 0, dead: 0 }));
  });

  test("retry comes again after a pause and counts; then dead, with its reason", async () => {
    const bus = await begin();
    const { subscription, seen, message, ready } = subscribe(bus, ({ deliveries }) =>
      deliveries < 3 ? { kind: "retry" } : { kind: "dead", reason: "enough" },
    );
    await ready();
    await bus.publish(message("x"), {});
    await vi.waitFor(() => expect(seen.map(({ deliveries }) => deliveries)).toEqual([1, 2, 3]), patiently);
    await vi.waitFor(
      async () => expect(await subscription.counts()).toEqual({ queued: 0, dead: 1, explained: 1 }),
      patiently,
    );
    expect(seen[2]?.message).toEqual(seen[0]?.message);
    await subscription.purge();
    expect(await subscription.counts()).toEqual({ queued: 0, dead: 0, explained: 0 });
  });

  test("again comes at once, as a redelivery that does not count", async () => {
    const bus = await begin();
    const { seen, message, ready } = subscribe(bus, ({ redelivered }) => ({ kind: redelivered ? "done" : "again" }));
    await ready();
    await bus.publish(message(), {});
    const told = () => seen.map(({ redelivered, deliveries }) => [redelivered, deliveries]);
    await vi.waitFor(
      () =>
        expect(told()).toEqual([
          [false, 1],
          [true, 1],
        ]),
      patiently,
    );
  });

  test("paused, it takes nothing and what is in work is told to end; what came meanwhile waits", async () => {
    const bus = await begin();
    const held = subscribe(bus, async ({ signal, redelivered }) => {
      if (redelivered || signal.aborted) return { kind: "done" };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return { kind: "again" };
    });
    await held.ready();
    await bus.publish(held.message("held"), {});
    await vi.waitFor(() => expect(held.bodies()).toEqual(["held"]), patiently);
    await held.subscription.pause();
    expect(held.seen[0]?.signal.aborted).toBe(true);
    await bus.publish(held.message("waits"), {});
    await vi.waitFor(async () => expect((await held.subscription.counts()).queued).toBe(2), patiently);
    expect(held.bodies()).toEqual(["held"]);
    await held.subscription.purge();
    await bus.publish(held.message("later"), {});
    const before = held.seen.length;
    await held.subscription.resume();
    await vi.waitFor(
      () => expect(held.seen.slice(before).map((one) => one.message.body)).toEqual(["later"]),
      patiently,
    );
    held.seen.at(-1)?.signal.throwIfAborted();
    await held.subscription.pause();
  });

  test("at most eight are in work, and the others wait", async () => {
    const bus = await begin();
    const gate = Promise.withResolvers<Verdict>();
    const { seen, subscription, message, ready } = subscribe(bus, () => gate.promise);
    await ready();
    for (let i = 0; i < 10; i++) await bus.publish(message(i), {});
    await vi.waitFor(
      async () => expect([seen.length, (await subscription.counts()).queued]).toEqual([8, 10]),
      patiently,
    );
    gate.resolve({ kind: "done" });
    await vi.waitFor(
      async () => expect([seen.length, (await subscription.counts()).queued]).toEqual([10, 0]),
      patiently,
    );
  });

  test("poison is delivered as unreadable, and can be buried", async () => {
    const bus = await begin();
    const { seen, subscription, ready } = subscribe(bus, ({ unreadable }) => ({
      kind: "dead",
      reason: unreadable ?? "",
    }));
    await ready();
    await subscription.poison();
    await vi.waitFor(
      async () => expect(await subscription.counts()).toEqual({ queued: 0, dead: 1, explained: 1 }),
      patiently,
    );
    expect(seen[0]).toMatchObject({ unreadable: "not JSON", message: { id: "", name: "" } });
  });
});

test("what is said to a listener who has never come waits for it", async () => {
  const bus = createRabbitBus(standInUrl);
  bus.expect("latecomer", ["Told"]);
  await vi.waitFor(() => expect(bus.waitingFor()).toBe(null), patiently);
  await bus.publish({ id: randomUUID(), name: "Told", correlationId: "1", at: 1, body: "early" }, {});
  const seen: unknown[] = [];
  bus.subscribe({
    queue: "latecomer",
    names: ["Told"],
    async onMessage({ message }) {
      seen.push(message.body);
      return { kind: "done" };
    },
  });
  await vi.waitFor(() => expect(seen).toEqual(["early"]), patiently);
  await bus.close();
});

describe("a broker that dies", () => {
  test("publishing fails at once; when it is back, so are both sides, with what waited and what was in work", async () => {
    const bus = createRabbitBus(standInUrl);
    const gate = Promise.withResolvers<void>();
    const seen: [unknown, boolean][] = [];
    const subscription = bus.subscribe({
      queue: "survivor",
      names: ["Survived"],
      async onMessage({ message, redelivered }) {
        seen.push([message.body, redelivered]);
        if (!redelivered) await gate.promise;
        return { kind: "done" };
      },
    });
    await vi.waitFor(() => subscription.counts(), patiently);
    const message = (body: unknown) => ({ id: randomUUID(), name: "Survived", correlationId: "1", at: 1, body });
    await bus.publish(message("in work"), {});
    await vi.waitFor(() => expect(seen).toEqual([["in work", false]]));
    await broker.kill();
    await vi.waitFor(() => expect(bus.waitingFor()).toBe("rabbitmq"));
    await expect(bus.publish(message("refused"), {})).rejects.toThrow("rabbitmq is not connected");
    gate.resolve();
    broker.start();
    await vi.waitFor(() => expect(seen).toContainEqual(["in work", true]), patiently);
    await bus.publish(message("afterwards"), {});
    await vi.waitFor(() => expect(seen).toContainEqual(["afterwards", false]), patiently);
    expect(seen).toHaveLength(3);
    await bus.close();
  });

  test("one that hangs holds nobody up for long, and once it is far behind, nobody at all", async () => {
    const bus = createRabbitBus(standInUrl);
    await vi.waitFor(() => expect(bus.waitingFor()).toBe(null), patiently);
    broker.freeze();
    const send = () => bus.publish({ id: randomUUID(), name: "Stuck", correlationId: "1", at: 1, body: {} }, {});
    const failures = await Promise.all(
      Array.from({ length: 110 }, () => send().catch((error: Error) => error.message)),
    );
    expect(failures.slice(0, 100)).toEqual(Array(100).fill("rabbitmq did not confirm within 1000 ms"));
    expect(failures.slice(100)).toEqual(Array(10).fill("rabbitmq has 100 messages to confirm"));
    await broker.kill();
    broker.start();
    await vi.waitFor(send, patiently);
    await bus.close();
  });
});
