import { trace } from "@opentelemetry/api";
import { connect } from "amqplib";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Broker } from "./broker.ts";
import { createConsumer, PoisonMessageError } from "./consumer.ts";
import { createPublisher } from "./publisher.ts";
import { recordSpans } from "./testing/record-spans.ts";
import { createStandIn, type StandIn } from "./testing/start-stand-in.ts";

let broker: StandIn;
let url: string;
const open: Broker[] = [];
const ready = (part: Broker) => vi.waitFor(() => expect(part.waitingFor()).toBe(null), { timeout: 10_000 });

beforeAll(async () => {
  broker = await createStandIn("broker", { RABBITMQ_DEFAULT_USER: "shop", RABBITMQ_DEFAULT_PASS: "shop" });
  url = `amqp://shop:shop@127.0.0.1:${broker.port}`;
  broker.start();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((part) => part.close()));
});
afterAll(() => broker.remove());

function begin<Part extends Broker>(part: Part): Part {
  open.push(part);
  return part;
}

test("an event arrives, in the trace of who published it", async () => {
  const recorded = recordSpans();
  const arrived: unknown[] = [];
  const handle = async (body: unknown) => {
    arrived.push([body, trace.getActiveSpan()?.spanContext().traceId]);
  };
  const publisher = begin(createPublisher(url));
  await Promise.all([
    ready(publisher),
    ready(begin(createConsumer({ url, queue: "mail", event: "Confirmed", handle }))),
  ]);
  await trace.getTracer("test").startActiveSpan("checkout", async (span) => {
    await publisher.publish("Confirmed", { orderId: 1 });
    await vi.waitFor(() => expect(arrived).toEqual([[{ orderId: 1 }, span.spanContext().traceId]]));
  });
  await vi.waitFor(() => expect(recorded.spans().map(({ name }) => name)).toContain("process mail"));
  recorded.end();
});

test("a message that is not understood goes to the dead letters, one that fails is tried again", async () => {
  let attempts = 0;
  const handle = async (body: unknown) => {
    if (body === "poison") throw new PoisonMessageError("not an order");
    attempts += 1;
    if (attempts < 3) throw new Error("the database is down");
  };
  const publisher = begin(createPublisher(url));
  await Promise.all([ready(publisher), ready(begin(createConsumer({ url, queue: "try", event: "Tried", handle })))]);
  await publisher.publish("Tried", "poison" as never);
  await publisher.publish("Tried", {});
  await vi.waitFor(() => expect(attempts).toBe(3), { timeout: 5_000 });
  const connection = await connect(url);
  const channel = await connection.createChannel();
  await vi.waitFor(async () => expect((await channel.checkQueue("try.dead")).messageCount).toBe(1));
  expect((await channel.checkQueue("try")).messageCount).toBe(0);
  await connection.close();
});

test("a message whose connection closes while it is in work is delivered again", async () => {
  const gate = Promise.withResolvers<void>();
  let begun = 0;
  const handle = async () => {
    begun += 1;
    if (begun === 1) await gate.promise;
  };
  const publisher = begin(createPublisher(url));
  const first = createConsumer({ url, queue: "twice", event: "Twice", handle });
  await Promise.all([ready(publisher), ready(first)]);
  await publisher.publish("Twice", {});
  await vi.waitFor(() => expect(begun).toBe(1));
  const closing = first.close();
  gate.resolve();
  await closing;
  begin(createConsumer({ url, queue: "twice", event: "Twice", handle }));
  await vi.waitFor(() => expect(begun).toBe(2), { timeout: 5_000 });
});

test("without a broker publishing fails at once; when it is back, both sides are, with what was kept", async () => {
  const arrived: unknown[] = [];
  const handle = async (body: unknown) => void arrived.push(body);
  const publisher = begin(createPublisher(url));
  const consumer = begin(createConsumer({ url, queue: "again", event: "Again", handle }));
  await Promise.all([ready(publisher), ready(consumer)]);
  await broker.kill();
  await vi.waitFor(() => expect(publisher.waitingFor()).toBe("rabbitmq"));
  await expect(publisher.publish("Again", { n: 1 })).rejects.toThrow("rabbitmq is not connected");
  broker.start();
  await Promise.all([ready(publisher), ready(consumer)]);
  await publisher.publish("Again", { n: 2 });
  await vi.waitFor(() => expect(arrived).toEqual([{ n: 2 }]), { timeout: 5_000 });
});

test("a broker that hangs holds nobody up for long, and once it is far behind, nobody at all", async () => {
  const publisher = begin(createPublisher(url));
  await ready(publisher);
  broker.freeze();
  const failures = await Promise.all(
    Array.from({ length: 110 }, () => publisher.publish("Stuck", {}).catch((error: Error) => error.message)),
  );
  expect(failures.slice(0, 100)).toEqual(Array(100).fill("rabbitmq did not confirm within 1000 ms"));
  expect(failures.slice(100)).toEqual(Array(10).fill("rabbitmq has 100 messages to confirm"));
  await broker.kill();
  broker.start();
  await vi.waitFor(() => publisher.publish("Stuck", {}));
});
