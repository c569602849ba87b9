import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { closedWith, consumer, createClients } from "./amqp-test-kit.ts";
import { LIMITS } from "./limits.ts";
import { createPublishing } from "./publishing.ts";
import { replay } from "./restored-state.ts";
import { startBroker } from "./start-broker.ts";
import { VirtualHost } from "./virtual-host.ts";

const folder = mkdtempSync(join(tmpdir(), "broker-limits-test-"));
const credentials = { user: "shop", password: "right" };
const broker = await startBroker({ host: "127.0.0.1", port: 0, dataDir: folder, credentials, failed: console.error });
let clients: ReturnType<typeof createClients>;
beforeEach(() => {
  clients = createClients(`amqp://shop:right@${broker.address}`);
});
afterEach(() => clients.end());
afterAll(async () => {
  await broker.close();
  rmSync(folder, { recursive: true, force: true });
});

test("full queues: a confirming publisher gets a nack, another an error, and room opens again", () => {
  const host = new VirtualHost(replay([]));
  const queue = host.addQueue({ name: "q", durable: false, exclusive: false, autoDelete: false, arguments: {} });
  const sent: string[] = [];
  const link = { owner: {}, send: (name: string) => sent.push(name), sendMessage: () => {}, canDeliver: () => true };
  const publishing = createPublishing(host, link, (done) => done());
  // The same bytes each time: what is counted is what they would take.
  const body = Buffer.alloc(LIMITS.messageBytes);
  const header = Buffer.from([0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 8);
  const publish = () => {
    publishing.handlers.BasicPublish?.({ exchange: "", routingKey: "q", mandatory: false, immediate: false });
    publishing.onHeader(header);
    publishing.onBody(body);
  };
  while (!host.isFull) publish();
  expect(queue.readyCount).toBe(LIMITS.heldBytes / LIMITS.messageBytes);
  expect(publish).toThrow("full");
  publishing.handlers.ConfirmSelect?.({ nowait: true });
  publish();
  expect(sent).toEqual(["BasicNack"]);
  queue.purge();
  publish();
  expect(queue.readyCount).toBe(1);
});

test("a message larger than allowed closes its channel", async () => {
  const channel = await clients.channel();
  const closed = closedWith(channel);
  channel.sendToQueue("anywhere", Buffer.alloc(LIMITS.messageBytes + 1));
  expect(await closed).toBe(406);
  // On another connection: the client would reuse the channel's number before its own close-ok is out.
  await (await clients.channel()).checkExchange("amq.topic");
});

test("a consumer that does not read gets no more than fits its socket, and the rest when it reads again", async () => {
  const publisher = await (await clients.connection()).createConfirmChannel();
  const queue = await clients.queue(publisher);
  for (let i = 0; i < 400; i++) publisher.sendToQueue(queue, Buffer.alloc(64 * 1024));
  await publisher.waitForConfirms();

  const slow = await clients.connection();
  const channel = await clients.channel(slow);
  const { stream } = (slow as unknown as { connection: { stream: Duplex } }).connection;
  const reader = consumer(channel, queue, { noAck: true });
  // Its own end of the reading loop; "readable" is how the client reads.
  const read = stream.read.bind(stream);
  stream.read = () => null;
  await expect.poll(async () => (await publisher.checkQueue(queue)).consumerCount, { interval: 5 }).toBe(1);
  const left = (await publisher.checkQueue(queue)).messageCount;
  expect(left).toBeGreaterThan(100);
  expect((await publisher.checkQueue(queue)).messageCount).toBe(left);

  stream.read = read;
  stream.emit("readable");
  await expect.poll(async () => (await publisher.checkQueue(queue)).messageCount, { interval: 5 }).toBe(0);
  await expect.poll(async () => (await reader).seen.length, { interval: 5 }).toBe(400);
});

test("arguments that it cannot obey are refused, not ignored", async () => {
  for (const options of [{ maxLength: 5 }, { maxPriority: 3 }, { arguments: { "x-queue-type": "quorum" } }]) {
    const channel = await clients.channel();
    await expect(channel.assertQueue("limited", options)).rejects.toThrow("406");
  }
});
