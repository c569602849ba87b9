import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import amqp from "amqplib";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { closedWith, consumer, createClients, drained } from "./broker/amqp-test-kit.ts";
import { startBroker } from "./broker/start-broker.ts";

/*
 * What the shop expects of a broker, as a client sees it. Runs against our own, and, where RABBITMQ_TEST_URL names one,
 * against a RabbitMQ: what passes there and not here is a fault of ours.
 */
const folder = mkdtempSync(join(tmpdir(), "broker-test-"));
const credentials = { user: "shop", password: "right" };
const own = await startBroker({
  host: "127.0.0.1",
  port: 0,
  dataDir: folder,
  credentials,
  failed: (error) => console.error(error),
});
const brokers = [{ name: "own broker", url: `amqp://shop:right@${own.address}` }];
if (process.env.RABBITMQ_TEST_URL) brokers.push({ name: "RabbitMQ", url: process.env.RABBITMQ_TEST_URL });

afterAll(async () => {
  await own.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(brokers)("$name", ({ url }) => {
  let clients: ReturnType<typeof createClients>;
  beforeEach(() => {
    clients = createClients(url);
  });
  afterEach(() => clients.end());

  test("refuses a wrong password and an unknown virtual host", async () => {
    await expect(amqp.connect(url.replace(/:[^:@/]+@/, ":wrong@"))).rejects.toThrow("403");
    await expect(amqp.connect(`${url}/nowhere`)).rejects.toThrow("got <ConnectionClose");
  });

  test("default exchange: to the queue of that name", async () => {
    const channel = await clients.channel();
    const queue = await clients.queue(channel);
    channel.sendToQueue(queue, Buffer.from("hello"));
    expect((await (await consumer(channel, queue)).next()).content.toString()).toBe("hello");
  });

  test("topic: * is one word, # any number, and each queue gets a message once", async () => {
    const channel = await clients.channel();
    const exchange = await clients.exchange(channel, "topic");
    const patterns = ["order.*", "order.#", "#.eu", "*.placed.*", "#", "order"];
    const queues = await Promise.all(patterns.map(() => clients.queue(channel)));
    for (const [i, queue] of queues.entries()) await channel.bindQueue(queue, exchange, patterns[i] ?? "");
    await channel.bindQueue(queues[0] ?? "", exchange, "order.placed");
    const confirms = await (await clients.connection()).createConfirmChannel();
    for (const key of ["order", "order.placed", "order.placed.eu", "stock.eu"]) {
      confirms.publish(exchange, key, Buffer.from(key));
    }
    await confirms.waitForConfirms();
    const got = Object.fromEntries(
      await Promise.all(queues.map(async (queue, i) => [patterns[i], await drained(channel, queue)])),
    );
    expect(got).toEqual({
      "order.*": ["order.placed"],
      "order.#": ["order", "order.placed", "order.placed.eu"],
      "#.eu": ["order.placed.eu", "stock.eu"],
      "*.placed.*": ["order.placed.eu"],
      "#": ["order", "order.placed", "order.placed.eu", "stock.eu"],
      order: ["order"],
    });
  });

  test("direct compares the key, fanout does not, and unbind ends it", async () => {
    const channel = await clients.channel();
    const [direct, fanout] = [await clients.exchange(channel, "direct"), await clients.exchange(channel, "fanout")];
    const queue = await clients.queue(channel);
    await channel.bindQueue(queue, direct, "yes");
    await channel.bindQueue(queue, fanout, "any");
    channel.publish(direct, "yes", Buffer.from("direct"));
    channel.publish(direct, "no", Buffer.from("lost"));
    channel.publish(fanout, "no", Buffer.from("fanout"));
    await channel.unbindQueue(queue, direct, "yes");
    channel.publish(direct, "yes", Buffer.from("lost too"));
    expect(await drained(channel, queue)).toEqual(["direct", "fanout"]);
  });

  test("properties, headers and a body of many frames arrive as they were sent", async () => {
    const channel = await clients.channel();
    const queue = await clients.queue(channel);
    const body = Buffer.from(Array.from({ length: 400_000 }, (_, i) => i % 251));
    const headers = {
      text: "ö",
      number: 7,
      big: 2 ** 40,
      yes: true,
      none: null,
      list: [1, "a"],
      nested: { a: { b: 1.5 } },
    };
    const sent = {
      contentType: "application/json",
      correlationId: "c",
      messageId: "m",
      type: "t",
      priority: 3,
      headers,
    };
    channel.sendToQueue(queue, body, { ...sent, persistent: true, timestamp: 1_700_000_000 });
    channel.sendToQueue(queue, Buffer.alloc(0), { type: "empty" });
    const reader = await consumer(channel, queue);
    const message = await reader.next();
    expect(message.content.equals(body)).toBe(true);
    expect(message.properties).toMatchObject({ ...sent, deliveryMode: 2, timestamp: 1_700_000_000 });
    expect(message.fields).toMatchObject({ routingKey: queue, exchange: "", redelivered: false });
    expect((await reader.next()).content.length).toBe(0);
  });

  test("confirms every message, routed or not; a mandatory one that goes nowhere comes back first", async () => {
    const channel = await (await clients.connection()).createConfirmChannel();
    const queue = await clients.queue(channel);
    const events: string[] = [];
    channel.on("return", ({ fields, content }) =>
      events.push(`returned ${"replyCode" in fields && fields.replyCode} ${content}`),
    );
    const confirmed = new Promise<void>((resolve) => {
      channel.publish("", "nobody", Buffer.from("lost"), { mandatory: true }, () => {
        events.push("confirmed");
        resolve();
      });
    });
    await confirmed;
    expect(events).toEqual(["returned 312 lost", "confirmed"]);
    for (let i = 0; i < 500; i++) channel.sendToQueue(queue, Buffer.from(`${i}`), { persistent: i % 3 > 0 });
    await channel.waitForConfirms();
    expect((await channel.checkQueue(queue)).messageCount).toBe(500);
  });

  test("prefetch limits what is outstanding, for each consumer", async () => {
    const channel = await clients.channel();
    const queue = await clients.queue(channel);
    for (let i = 0; i < 5; i++) channel.sendToQueue(queue, Buffer.from(`${i}`));
    await channel.prefetch(2);
    const reader = await consumer(channel, queue);
    const first = await reader.next();
    await reader.next();
    expect((await channel.checkQueue(queue)).messageCount).toBe(3);
    expect(reader.texts()).toEqual(["0", "1"]);
    channel.ack(first);
    await reader.next();
    expect((await channel.checkQueue(queue)).messageCount).toBe(2);
    expect(reader.texts()).toEqual(["0", "1", "2"]);
  });

  test("a prefetch for the channel counts over its consumers", async () => {
    const channel = await clients.channel();
    const queues = [await clients.queue(channel), await clients.queue(channel)];
    for (const queue of queues) for (let i = 0; i < 4; i++) channel.sendToQueue(queue, Buffer.from("x"));
    await channel.prefetch(3, true);
    const readers = [await consumer(channel, queues[0] ?? ""), await consumer(channel, queues[1] ?? "")];
    const waiting = async () =>
      (await Promise.all(queues.map((queue) => channel.checkQueue(queue)))).reduce((sum, q) => sum + q.messageCount, 0);
    expect(await waiting()).toBe(5);
    channel.ackAll();
    await expect.poll(waiting, { interval: 5 }).toBe(2);
    expect(readers.flatMap((reader) => reader.seen)).toHaveLength(6);
  });

  test("consumers of a queue take turns", async () => {
    const channel = await clients.channel();
    const queue = await clients.queue(channel);
    const readers = [await consumer(channel, queue, { noAck: true }), await consumer(channel, queue, { noAck: true })];
    for (let i = 0; i < 6; i++) channel.sendToQueue(queue, Buffer.from(`${i}`));
    await expect.poll(() => readers.map((reader) => reader.seen.length), { interval: 5 }).toEqual([3, 3]);
  });

  test("requeued messages come back in their old place, marked redelivered", async () => {
    const channel = await clients.channel();
    const queue = await clients.queue(channel);
    for (const text of ["a", "b", "c", "d"]) channel.sendToQueue(queue, Buffer.from(text));
    const [a, b, c] = [await channel.get(queue), await channel.get(queue), await channel.get(queue)];
    if (!a || !b || !c) throw new Error("expected three messages");
    channel.nack(b, false, true);
    channel.reject(a, true);
    channel.ack(c);
    const again = [await channel.get(queue), await channel.get(queue), await channel.get(queue)];
    const seen = again.map((message) => message && [message.content.toString(), message.fields.redelivered]);
    expect(seen).toEqual([
      ["a", true],
      ["b", true],
      ["d", false],
    ]);
  });

  test("ack and nack of many at once", async () => {
    const channel = await clients.channel();
    const queue = await clients.queue(channel);
    for (let i = 0; i < 6; i++) channel.sendToQueue(queue, Buffer.from(`${i}`));
    const reader = await consumer(channel, queue);
    const messages = [];
    for (let i = 0; i < 6; i++) messages.push(await reader.next());
    await channel.cancel(reader.tag);
    if (messages[1]) channel.ack(messages[1], true);
    if (messages[3]) channel.nack(messages[3], true, false);
    channel.nackAll(true);
    expect(await drained(channel, queue)).toEqual(["4", "5"]);
  });

  test("what a lost connection or a closed channel did not acknowledge goes to the next consumer", async () => {
    const connection = await clients.connection();
    const doomed = await clients.channel(connection);
    const queue = await clients.queue(doomed);
    const first = await consumer(doomed, queue);
    for (const text of ["a", "b"]) doomed.sendToQueue(queue, Buffer.from(text));
    doomed.ack(await first.next());
    await first.next();
    await doomed.close();

    const second = await clients.connection();
    const reader = await consumer(await clients.channel(second), queue);
    expect((await reader.next()).fields.redelivered).toBe(true);
    // As a killed client leaves: no goodbye.
    const { stream } = (second as unknown as { connection: { stream: Duplex } }).connection;
    stream.destroy(new Error("cut"));

    const last = await (await consumer(await clients.channel(), queue)).next();
    expect([last.content.toString(), last.fields.redelivered]).toEqual(["b", true]);
  });

  test("a rejected message goes to the dead-letter queue and says why", async () => {
    const channel = await clients.channel();
    const dead = await clients.queue(channel);
    const exchange = await clients.exchange(channel, "topic");
    const queue = await clients.queue(channel, { deadLetterExchange: "", deadLetterRoutingKey: dead });
    await channel.bindQueue(queue, exchange, "order.*");
    channel.publish(exchange, "order.placed", Buffer.from("poison"), { headers: { own: 1 }, messageId: "m-1" });
    channel.nack(await (await consumer(channel, queue)).next(), false, false);
    const letter = await (await consumer(channel, dead)).next();
    expect(letter.content.toString()).toBe("poison");
    expect(letter.fields).toMatchObject({ exchange: "", routingKey: dead, redelivered: false });
    expect(letter.properties.messageId).toBe("m-1");
    expect(letter.properties.headers).toMatchObject({
      own: 1,
      "x-first-death-reason": "rejected",
      "x-first-death-queue": queue,
      "x-first-death-exchange": exchange,
      "x-last-death-reason": "rejected",
      "x-death": [{ reason: "rejected", queue, exchange, count: 1, "routing-keys": ["order.placed"] }],
    });
  });

  test("retry by a queue with a time limit: the message comes round, and its deaths are counted", async () => {
    const channel = await clients.channel();
    const exchange = await clients.exchange(channel, "direct");
    const work = await clients.queue(channel, { deadLetterExchange: exchange, deadLetterRoutingKey: "retry" });
    const retry = await clients.queue(channel, {
      messageTtl: 60,
      deadLetterExchange: "",
      deadLetterRoutingKey: work,
    });
    await channel.bindQueue(retry, exchange, "retry");
    channel.sendToQueue(work, Buffer.from("again"));
    const reader = await consumer(channel, work);
    const startedAt = Date.now();
    for (let round = 0; round < 2; round++) channel.nack(await reader.next(), false, false);
    const third = await reader.next();
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(115);
    const deaths = third.properties.headers?.["x-death"]?.map(({ queue, reason, count }) => [queue, reason, count]);
    expect(deaths).toEqual([
      [retry, "expired", 2],
      [work, "rejected", 2],
    ]);
    channel.ack(third);
  });

  test("a message's own time limit holds; the dead letter has none", async () => {
    const channel = await clients.channel();
    const dead = await clients.queue(channel);
    const queue = await clients.queue(channel, { deadLetterExchange: "", deadLetterRoutingKey: dead });
    channel.sendToQueue(queue, Buffer.from("late"), { expiration: 30 });
    const letter = await (await consumer(channel, dead)).next();
    expect(letter.properties.expiration).toBeUndefined();
    expect(letter.properties.headers?.["x-death"]?.[0]).toMatchObject({
      reason: "expired",
      "original-expiration": "30",
    });
    expect((await channel.checkQueue(queue)).messageCount).toBe(0);
  });

  test("dead letters do not turn in an automatic circle", async () => {
    const channel = await (await clients.connection()).createConfirmChannel();
    const first = await clients.queue(channel);
    await channel.deleteQueue(first);
    await channel.assertQueue(first, {
      durable: true,
      messageTtl: 20,
      deadLetterExchange: "",
      deadLetterRoutingKey: first,
    });
    channel.sendToQueue(first, Buffer.from("round"));
    await channel.waitForConfirms();
    await expect.poll(async () => (await channel.checkQueue(first)).messageCount, { interval: 10 }).toBe(0);
  });

  test("get, purge and delete tell how many there are", async () => {
    const channel = await clients.channel();
    const queue = await clients.queue(channel);
    expect(await channel.get(queue)).toBe(false);
    for (let i = 0; i < 4; i++) channel.sendToQueue(queue, Buffer.from(`${i}`));
    const got = await channel.get(queue, { noAck: true });
    expect(got && [got.content.toString(), got.fields.messageCount]).toEqual(["0", 3]);
    expect((await channel.purgeQueue(queue)).messageCount).toBe(3);
    channel.sendToQueue(queue, Buffer.from("x"));
    expect((await channel.deleteQueue(queue)).messageCount).toBe(1);
    expect((await channel.deleteQueue(queue)).messageCount).toBe(0);
  });

  test("a refusal closes only its channel", async () => {
    const connection = await clients.connection();
    const good = await clients.channel(connection);
    const queue = await clients.queue(good);
    const refused: [number, (channel: amqp.Channel) => unknown][] = [
      [404, (channel) => channel.checkQueue("missing").catch(() => undefined)],
      [404, (channel) => channel.publish("missing", "key", Buffer.from("x"))],
      [404, (channel) => channel.bindQueue(queue, "missing", "key").catch(() => undefined)],
      [404, (channel) => channel.consume("missing", () => undefined).catch(() => undefined)],
      [406, (channel) => channel.assertQueue(queue, { durable: false }).catch(() => undefined)],
      [406, (channel) => channel.assertQueue(queue, { durable: true, messageTtl: 5 }).catch(() => undefined)],
      [406, (channel) => channel.assertExchange("amq.topic", "direct").catch(() => undefined)],
      [406, (channel) => channel.ack({ fields: { deliveryTag: 99 } } as amqp.Message)],
      [403, (channel) => channel.assertQueue("amq.own").catch(() => undefined)],
      [403, (channel) => channel.bindQueue(queue, "", "key").catch(() => undefined)],
    ];
    for (const [code, act] of refused) {
      const channel = await clients.channel(connection);
      const closed = closedWith(channel);
      void act(channel);
      expect([code, await closed, act.toString()]).toEqual([code, code, act.toString()]);
    }
    good.sendToQueue(queue, Buffer.from("alive"));
    expect(await drained(good, queue)).toEqual(["alive"]);
  });

  test("an exclusive queue is its connection's alone and goes with it", async () => {
    const connection = await clients.connection();
    const { queue } = await (await clients.channel(connection)).assertQueue("", { exclusive: true });
    expect(queue).toMatch(/^amq\.gen-/);
    const stranger = await clients.channel();
    const closed = closedWith(stranger);
    await expect(stranger.checkQueue(queue)).rejects.toThrow("405");
    expect(await closed).toBe(405);
    await connection.close();
    const code = async () => {
      const channel = await clients.channel();
      return channel.checkQueue(queue).then(
        () => 0,
        (error: { code?: number }) => error.code,
      );
    };
    await expect.poll(code).toBe(404);
  });

  test("an auto-delete queue goes with its last consumer", async () => {
    const channel = await clients.channel();
    const queue = await clients.queue(channel, { autoDelete: true });
    const readers = [await consumer(channel, queue), await consumer(channel, queue)];
    await channel.cancel(readers[0]?.tag ?? "");
    expect((await channel.checkQueue(queue)).consumerCount).toBe(1);
    await channel.cancel(readers[1]?.tag ?? "");
    await expect(channel.checkQueue(queue)).rejects.toThrow("404");
  });

  test("consumers are told when their queue is deleted", async () => {
    const channel = await clients.channel();
    const queue = await clients.queue(channel);
    const reader = await consumer(channel, queue);
    await channel.deleteQueue(queue);
    await expect.poll(() => reader.seen, { interval: 5 }).toEqual([null]);
  });

  test("an exclusive consumer keeps others out", async () => {
    const channel = await clients.channel();
    const queue = await clients.queue(channel);
    await consumer(channel, queue, { exclusive: true });
    const other = await clients.channel();
    await expect(consumer(other, queue)).rejects.toThrow("403");
  });
});
