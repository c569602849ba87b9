import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import amqp from "amqplib";
import { afterEach, expect, test } from "vitest";
import { closedWith, consumer, createClients, drained } from "./amqp-test-kit.ts";

const program = join(import.meta.dirname, "..", "broker.ts");
const folder = mkdtempSync(join(tmpdir(), "broker-process-test-"));
const running: ChildProcess[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) await end(child, "SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

test("confirmed persistent messages, queues and bindings survive SIGKILL; acknowledged and transient ones do not", async () => {
  let { child, url } = await start();
  const confirmed = new Set<string>();
  const acknowledged = new Set<string>();
  for (let round = 0; round < 2; round++) {
    const connection = await amqp.connect(url);
    connection.on("error", () => undefined);
    const channel = await connection.createConfirmChannel();
    channel.on("error", () => undefined);
    if (round === 0) {
      await channel.assertExchange("orders", "topic", { durable: true });
      await channel.assertQueue("mail", { durable: true, deadLetterExchange: "", deadLetterRoutingKey: "dead" });
      await channel.assertQueue("dead", { durable: true });
      await channel.bindQueue("mail", "orders", "order.*");
    }
    channel.publish("orders", "order.placed", Buffer.from(`transient ${round}`));
    // Killed in the midst of it: what was confirmed until then must be there, what was not may be.
    const enough = new Promise<void>((resolve) => {
      for (let i = 0; i < 2_000; i++) {
        const text = `${round}-${i}`;
        channel.publish("orders", "order.placed", Buffer.from(text), { persistent: true }, (error) => {
          if (error) return;
          confirmed.add(text);
          if (i === 1_000) resolve();
        });
      }
    });
    await enough;
    const taken = await channel.get("mail");
    if (taken) {
      acknowledged.add(taken.content.toString());
      channel.ack(taken);
      await channel.checkQueue("mail");
    }
    await end(child, "SIGKILL");
    ({ child, url } = await start());
  }

  const clients = createClients(url);
  const channel = await clients.channel();
  const { messageCount } = await channel.checkQueue("mail");
  const reader = await consumer(channel, "mail", { noAck: true });
  await expect.poll(() => reader.seen.length, { interval: 5 }).toBe(messageCount);
  const kept = reader.texts();
  const missing = [...confirmed].filter((text) => !kept.includes(text) && !acknowledged.has(text));
  expect(confirmed.size).toBeGreaterThan(2_000);
  expect(missing).toEqual([]);
  expect(kept.filter((text) => text?.startsWith("transient"))).toEqual([]);
  expect(new Set(kept).size).toBe(kept.length);
});

test("a dead letter survives, once, and in one queue only", async () => {
  const first = await start();
  const connection = await amqp.connect(first.url);
  connection.on("error", () => undefined);
  const channel = await connection.createConfirmChannel();
  channel.on("error", () => undefined);
  await channel.assertQueue("work", { durable: true, deadLetterExchange: "", deadLetterRoutingKey: "dead" });
  await channel.assertQueue("dead", { durable: true });
  channel.sendToQueue("work", Buffer.from("poison"), { persistent: true });
  await channel.waitForConfirms();
  const message = await channel.get("work");
  if (message) channel.nack(message, false, false);
  channel.sendToQueue("dead", Buffer.from("marker"), { persistent: true });
  await channel.waitForConfirms();
  await end(first.child, "SIGKILL");

  const second = await start();
  const after = await createClients(second.url).channel();
  expect(await drained(after, "work")).toEqual([]);
  expect(await drained(after, "dead")).toEqual(["poison", "marker"]);
});

test("the journal shrinks again, and what is left in the queues survives that", async () => {
  const { child, url } = await start();
  const connection = await amqp.connect(url);
  connection.on("error", () => undefined);
  const channel = await connection.createConfirmChannel();
  channel.on("error", () => undefined);
  await channel.assertQueue("kept", { durable: true });
  await channel.assertQueue("passing", { durable: true });
  channel.sendToQueue("kept", Buffer.from("kept"), { persistent: true });
  const body = Buffer.alloc(1024 * 1024);
  for (let i = 0; i < 40; i++) {
    channel.sendToQueue("passing", body, { persistent: true });
    await channel.waitForConfirms();
    await channel.get("passing", { noAck: true });
  }
  // An acknowledgement is written behind its back; a confirm that follows it is not told before.
  channel.sendToQueue("kept", Buffer.from("kept"), { persistent: true });
  await channel.waitForConfirms();
  expect(statSync(join(folder, "journal")).size).toBeLessThan(16 * 1024 * 1024);
  await end(child, "SIGKILL");
  const again = await createClients((await start()).url).channel();
  expect(await drained(again, "kept")).toEqual(["kept", "kept"]);
  expect(await drained(again, "passing")).toEqual([]);
});

test("ends soon on SIGTERM, with a goodbye to its clients and 0", async () => {
  const { child, url } = await start();
  const client = await createClients(url).connection();
  const told = once(client, "close");
  const startedAt = Date.now();
  expect(await end(child, "SIGTERM")).toEqual([0, null]);
  expect(Date.now() - startedAt).toBeLessThan(5_000);
  expect(await told).toMatchObject([{ code: 320 }]);
});

test("what it does not know is refused with 540, garbage is hung up on, and it lives on", async () => {
  const { url } = await start();
  const clients = createClients(url);
  const client = await clients.connection();
  const channel = await clients.channel(client);
  const told = closedWith(client);
  await Promise.allSettled([channel.bindExchange("amq.topic", "amq.direct", "x")]);
  expect(await told).toBe(540);

  const { hostname, port } = new URL(url);
  const hello = Buffer.from("AMQP\0\0\x09\x01", "latin1");
  const hostile = [
    Buffer.from("GET / HTTP/1.1\r\n\r\n"),
    Buffer.concat([hello, Buffer.alloc(100_000, 0xff)]),
    Buffer.concat([hello, Buffer.from([1, 0, 0, 0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff, 206])]),
    Buffer.concat([hello, Buffer.from([1, 0, 7, 0, 0, 0, 4, 0, 10, 0, 11, 206])]),
    Buffer.concat([hello, Buffer.from([2, 0, 1, 0, 0, 0, 0, 206])]),
  ];
  for (const bytes of hostile) {
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined).resume();
    socket.write(bytes);
    await once(socket, "close");
  }
  await (await clients.channel()).checkExchange("amq.topic");
});

async function start(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, PORT: "0", DATA_DIR: folder, RABBITMQ_DEFAULT_USER: "shop", RABBITMQ_DEFAULT_PASS: "shop" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  const [line] = await once(child.stdout ?? child, "data");
  return { child, url: `amqp://shop:shop@${/ready on (\S+),/.exec(String(line))?.[1]}` };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown[]> {
  if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode];
  const exit = once(child, "exit");
  child.kill(signal);
  return exit;
}
