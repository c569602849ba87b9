import { once } from "node:events";
import { connect } from "node:net";
import { Redis } from "iovalkey";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startCache } from "./cache/start-cache.ts";

/*
 * What the shop expects of a cache, as a client sees it. Runs against our own, and, where VALKEY_TEST_URL names one, against
 * a Valkey: what passes there and not here is a fault of ours.
 */
const own = await startCache({ host: "127.0.0.1", port: 0 });
const caches = [{ name: "own cache", url: `redis://${own.address}` }];
if (process.env.VALKEY_TEST_URL) caches.push({ name: "Valkey", url: process.env.VALKEY_TEST_URL });
afterAll(() => own.close());

describe.each(caches)("$name", ({ url }) => {
  let client: Redis;
  beforeEach(async () => {
    client = new Redis(url, { connectionName: "shop" });
    await client.flushall();
  });
  afterEach(() => client.disconnect());

  test("gives back what was put in, byte for byte", async () => {
    const value = `{"name":"Käse € 🧀"}\r\n${"x".repeat(200_000)}`;
    expect(await client.set("product:cheese", value)).toBe("OK");
    expect(await client.get("product:cheese")).toBe(value);
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await client.set("bytes", bytes);
    expect(await client.getBuffer("bytes")).toEqual(bytes);
    expect(await client.set("empty", "")).toBe("OK");
    expect(await client.get("empty")).toBe("");
    expect(await client.get("nothing")).toBe(null);
  });

  test("forgets what has expired, and a new value takes a new time", async () => {
    await client.set("short", "1", "PX", 40);
    await client.set("long", "1", "EX", 100);
    await client.set("kept", "1", "PX", 40);
    await client.set("kept", "2");
    expect(await client.pttl("long")).toBeGreaterThan(95_000);
    expect([await client.pttl("kept"), await client.pttl("nothing")]).toEqual([-1, -2]);
    await vi.waitFor(async () => expect(await client.get("short")).toBe(null));
    expect(await client.get("kept")).toBe("2");
    expect(await client.del("short")).toBe(0);
  });

  test("NX sets only what is not there, XX only what is", async () => {
    expect(await client.set("a", "1", "PX", 60_000, "NX")).toBe("OK");
    expect(await client.set("a", "2", "NX")).toBe(null);
    expect(await client.set("b", "1", "XX")).toBe(null);
    expect(await client.set("a", "3", "XX")).toBe("OK");
    expect(await client.get("a")).toBe("3");
  });

  test("deletes and flushes", async () => {
    for (const key of ["a", "b", "c", "d"]) await client.set(key, "1");
    expect(await client.del("a", "b", "x")).toBe(2);
    expect(await client.exists("a", "c", "d")).toBe(2);
    expect([await client.flushdb(), await client.dbsize()]).toEqual(["OK", 0]);
    await client.set("a", "1");
    expect([await client.flushall("ASYNC"), await client.get("a")]).toEqual(["OK", null]);
  });

  test("answers in the order of the questions, however many come at once", async () => {
    const pipeline = client.pipeline();
    for (let i = 0; i < 2_000; i++) pipeline.set(`key:${i}`, `${i}`).get(`key:${i}`);
    const answers = (await pipeline.exec()) ?? [];
    expect(answers.filter((_, at) => at % 2 === 1).map(([, value]) => value)).toEqual(
      Array.from({ length: 2_000 }, (_, i) => `${i}`),
    );
  });

  test.each([
    [["SET", "a"], "ERR wrong number of arguments for 'set' command"],
    [["SET", "a", "1", "PX"], "ERR syntax error"],
    [["SET", "a", "1", "PX", "0"], "ERR invalid expire time in 'set' command"],
    [["SET", "a", "1", "EX", "soon"], "ERR value is not an integer or out of range"],
    [["SET", "a", "1", "NX", "XX"], "ERR syntax error"],
    [["SELECT", "99"], "ERR DB index is out of range"],
    [["FLUSHALL", "LATER"], "ERR syntax error"],
    [["NOSUCH", "x"], "ERR unknown command"],
  ])("refuses %j, and lives on", async ([command = "", ...rest], reason) => {
    await expect(client.call(command, ...rest)).rejects.toThrow(reason);
    expect(await client.ping()).toBe("PONG");
  });

  test("takes lines typed by hand and pieces of any size, and says goodbye", async () => {
    const socket = await dial();
    const heard = gather(socket);
    socket.write("PING\r\n");
    for (const piece of "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\n42\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n") socket.write(piece);
    socket.write("*1\r\n$4\r\nQUIT\r\n");
    await once(socket, "close");
    expect(heard()).toBe("+PONG\r\n+OK\r\n$2\r\n42\r\n+OK\r\n");
  });

  test.each(["*1\r\n!4\r\nPING\r\n", "*1\r\n$-5\r\nPING\r\n", "*9999999999\r\n"])(
    "hangs up on nonsense: %j",
    async (bytes) => {
      const socket = await dial();
      const heard = gather(socket);
      socket.write(bytes);
      await once(socket, "close");
      expect(heard()).toMatch(/^-ERR Protocol error: /);
      expect(await client.ping()).toBe("PONG");
    },
  );

  async function dial() {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    return socket;
  }
});

function gather(socket: NodeJS.ReadableStream): () => string {
  let text = "";
  socket.on("data", (bytes: Buffer) => {
    text += bytes.toString();
  });
  return () => text;
}
