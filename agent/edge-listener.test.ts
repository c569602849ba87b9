import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { connect, endAll, startEcho, startEdge, startUpstream, takeClosedAddress, toPlaced, until } from "./testing.ts";
import { resetPeer } from "./toxics/reset-peer.ts";

afterEach(endAll);

const toHash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("an edge without toxics", () => {
  test.each(["tcp", "http"])("passes 32 MB both ways at once, unchanged, when it is %s", async (protocol) => {
    const sent = randomBytes(32 * 1024 * 1024);
    const answered = randomBytes(32 * 1024 * 1024);
    const atUpstream = createHash("sha256");
    const upstreamDone = Promise.withResolvers<void>();
    const edge = await startEdge(
      await startUpstream((socket) => {
        socket.on("data", (chunk) => atUpstream.update(chunk));
        socket.on("end", upstreamDone.resolve);
        socket.end(answered);
      }),
      protocol,
    );
    const { socket } = await connect(edge.listen);
    const atCaller = createHash("sha256");
    socket.on("data", (chunk) => atCaller.update(chunk));
    socket.end(sent);
    await Promise.all([upstreamDone.promise, once(socket, "end")]);
    expect(atUpstream.digest("hex")).toBe(toHash(sent));
    expect(atCaller.digest("hex")).toBe(toHash(answered));
  });

  test("passes the caller's end on, and the answer that comes after it", async () => {
    const edge = await startEdge(
      await startUpstream((socket) => {
        let question = "";
        socket.on("data", (chunk) => {
          question += chunk;
        });
        socket.on("end", () => socket.end(`you said ${question}`));
      }),
    );
    const client = await connect(edge.listen);
    client.socket.end("hello");
    expect(await client.ended).toBe("end");
    expect(client.text()).toBe("you said hello");
    await until(() => edge.takeStats()?.openConnections === undefined);
  });

  test("passes the upstream's end on, and what the caller says after it", async () => {
    const heard = Promise.withResolvers<string>();
    const edge = await startEdge(
      await startUpstream((socket) => {
        socket.end("bye");
        socket.on("data", (chunk) => heard.resolve(String(chunk)));
      }),
    );
    const client = await connect(edge.listen);
    expect(await client.ended).toBe("end");
    client.socket.end("but listen");
    expect(await heard.promise).toBe("but listen");
  });

  test("resets the caller when the upstream refuses, and counts it", async () => {
    const edge = await startEdge(await takeClosedAddress(), "http");
    const client = await connect(edge.listen);
    client.socket.write("GET / HTTP/1.1\r\n\r\n");
    expect(await client.ended).toBe("ECONNRESET");
    expect(edge.takeStats()).toMatchObject({ connections: 1, connectErrors: 1, openConnections: 0, requests: 0 });
  });

  test("resets the upstream when the caller resets, and the caller when the upstream does", async () => {
    const accepted: Socket[] = [];
    const upstreamSaw = Promise.withResolvers<string>();
    const edge = await startEdge(
      await startUpstream((socket) => {
        accepted.push(socket);
        socket.on("error", (error: NodeJS.ErrnoException) => upstreamSaw.resolve(String(error.code)));
        socket.resume();
      }),
    );
    const first = await connect(edge.listen);
    await until(() => accepted.length === 1);
    first.socket.resetAndDestroy();
    expect(await upstreamSaw.promise).toBe("ECONNRESET");
    const second = await connect(edge.listen);
    await until(() => accepted.length === 2);
    accepted[1]?.resetAndDestroy();
    expect(await second.ended).toBe("ECONNRESET");
  });

  test("reads no faster than the other side does", async () => {
    let accepted: Socket | undefined;
    const edge = await startEdge(
      await startUpstream((socket) => {
        accepted = socket;
        socket.pause();
      }),
    );
    const { socket } = await connect(edge.listen);
    const total = 64 * 1024 * 1024;
    socket.end(Buffer.alloc(total));
    // What the caller could hand over stops growing, far below the whole, when all buffers on the way are full.
    let before = -1;
    while (socket.bytesWritten - socket.writableLength > before) {
      before = socket.bytesWritten - socket.writableLength;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(edge.takeStats()?.bytesUp).toBeLessThan(32 * 1024 * 1024);
    let arrived = 0;
    accepted?.on("data", (chunk) => {
      arrived += chunk.length;
    });
    accepted?.resume();
    await once(accepted as Socket, "end");
    expect(arrived).toBe(total);
  });

  test("serves others while a dial hangs", async () => {
    const edge = await startEdge(await startEcho());
    // A name that no resolver answers at once; its dial must hold up nobody.
    const stuck = await startEdge("no-such-host.invalid:1");
    void connect(stuck.listen);
    const client = await connect(edge.listen);
    client.socket.write("ping");
    expect(await client.received(4)).toBe("ping");
  });

  test("counts connections and bytes, and tells nothing while nothing is open", async () => {
    const edge = await startEdge(await startEcho());
    expect(edge.takeStats()).toBeNull();
    const client = await connect(edge.listen);
    client.socket.write("12345");
    await client.received(5);
    expect(edge.takeStats()).toMatchObject({
      connections: 1,
      openConnections: 1,
      bytesUp: 5,
      bytesDown: 5,
      requests: 0,
    });
    expect(edge.takeStats()).toMatchObject({ connections: 0, openConnections: 1, bytesUp: 0 });
    client.socket.end();
    await client.ended;
    await until(() => edge.takeStats() === null);
  });
});

test("a rate hits that share of connections, the same ones for the same seed, and none at 0", async () => {
  const run = async (rate: number, seed: number) => {
    const edge = await startEdge(await startEcho());
    await edge.place(toPlaced(resetPeer, { timeout: 0 }, { rate, seed }));
    const hits: boolean[] = [];
    // One after the other, so that the rolls are the connections' in this order.
    for (let n = 0; n < 40; n++) {
      const client = await connect(edge.listen);
      client.socket.write("x");
      const answered = client.received(1).then(Boolean, () => false);
      hits.push(!(await answered));
    }
    return hits;
  };
  const [first, second, other, none] = [await run(0.5, 7), await run(0.5, 7), await run(0.5, 8), await run(0, 7)];
  expect(second).toEqual(first);
  expect(other).not.toEqual(first);
  expect(first.filter(Boolean).length).toBeGreaterThan(10);
  expect(first.filter(Boolean).length).toBeLessThan(30);
  expect(none).not.toContain(true);
});
