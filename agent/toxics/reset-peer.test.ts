import { afterEach, describe, expect, test } from "vitest";
import { connect, endAll, startEcho, startEdge, startUpstream, toPlaced, until } from "../testing.ts";
import { resetPeer } from "./reset-peer.ts";

afterEach(endAll);

describe("reset_peer", () => {
  test("resets both sides of an open connection at once", async () => {
    const upstreamSaw = Promise.withResolvers<string | undefined>();
    const edge = await startEdge(
      await startUpstream((socket) => {
        socket.on("error", (error: NodeJS.ErrnoException) => upstreamSaw.resolve(error.code));
        socket.pipe(socket);
      }),
    );
    const client = await connect(edge.listen);
    client.socket.write("x");
    await client.received(1);
    await edge.place(toPlaced(resetPeer, { timeout: 0 }));
    expect(await client.ended).toBe("ECONNRESET");
    expect(await upstreamSaw.promise).toBe("ECONNRESET");
  });

  test("lets nothing through until its time has come", async () => {
    const edge = await startEdge(await startEcho());
    await edge.place(toPlaced(resetPeer, { timeout: 60 }));
    const startedAt = performance.now();
    const client = await connect(edge.listen);
    client.socket.write("x");
    expect(await client.ended).toBe("ECONNRESET");
    expect(performance.now() - startedAt).toBeGreaterThan(55);
    expect(client.text()).toBe("");
  });

  test("removed in time, it leaves an idle connection alone, and resets one that has lost bytes", async () => {
    const edge = await startEdge(await startEcho());
    const [idle, busy] = [await connect(edge.listen), await connect(edge.listen)];
    await edge.place(toPlaced(resetPeer, { timeout: 60_000 }, { stream: "upstream" }));
    busy.socket.write("lost");
    await until(() => edge.takeStats()?.bytesUp === 4);
    await edge.remove("f1");
    expect(await busy.ended).toBe("ECONNRESET");
    idle.socket.write("still here");
    expect(await idle.received(10)).toBe("still here");
  });
});
