import { once } from "node:events";
import net from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { AgentEdge } from "#contract/agent-api.ts";
import { createEdges } from "./edges.ts";
import { connect, endAll, later, startEcho, startUpstream, takeClosedAddress, toPlaced } from "./testing.ts";
import { down } from "./toxics/down.ts";

afterEach(endAll);

function start() {
  const edges = createEdges();
  later(() => edges.close());
  return edges;
}
const toEdge = (id: string, upstream: string, listen = "127.0.0.1:0"): AgentEdge => ({
  id,
  listen,
  upstream,
  protocol: "tcp",
});

describe("the set of edges", () => {
  test("opens new ones on free ports, and says which", async () => {
    const upstream = await startEcho();
    const { edges } = await start().set([toEdge("a->c", upstream), toEdge("b->c", upstream)]);
    expect(edges.map(({ id }) => id)).toEqual(["a->c", "b->c"]);
    for (const { listen } of edges) {
      const client = await connect(listen);
      client.socket.write("hi");
      expect(await client.received(2)).toBe("hi");
    }
  });

  test("leaves unchanged ones alone, closes missing ones, and points changed ones elsewhere", async () => {
    const edges = start();
    const upstream = await startEcho();
    const before = await edges.set([
      toEdge("a->keep", upstream),
      toEdge("a->gone", upstream),
      toEdge("a->moved", upstream),
    ]);
    const [keep, gone, moved] = await Promise.all(before.edges.map(({ listen }) => connect(listen)));
    const elsewhere = await startUpstream((socket) => socket.end("elsewhere"));
    const after = await edges.set([toEdge("a->keep", upstream), toEdge("a->moved", elsewhere)]);
    expect(await gone?.ended).toBe("end");
    expect(await moved?.ended).toBe("end");
    expect(after.edges[0]).toEqual(before.edges[0]);
    keep?.socket.write("still");
    expect(await keep?.received(5)).toBe("still");
    expect(await (await connect(after.edges[1]?.listen ?? "")).received(9)).toBe("elsewhere");
    await expect(connect(before.edges[1]?.listen ?? "")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("lets two edges swap their ports", async () => {
    const edges = start();
    const [one, two] = [await takeClosedAddress(), await takeClosedAddress()];
    const upstream = await startEcho();
    await edges.set([toEdge("a->b", upstream, one), toEdge("a->c", upstream, two)]);
    const { edges: swapped } = await edges.set([toEdge("a->b", upstream, two), toEdge("a->c", upstream, one)]);
    expect(swapped).toEqual([
      { id: "a->b", listen: two },
      { id: "a->c", listen: one },
    ]);
  });

  test("says which edge cannot listen, and opens it when it is asked again and can", async () => {
    const edges = start();
    const upstream = await startEcho();
    const holder = net.createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const taken = `127.0.0.1:${(holder.address() as net.AddressInfo).port}`;
    const wanted = [toEdge("a->b", upstream, taken), toEdge("a->c", upstream)];
    const { edges: answer } = await edges.set(wanted);
    expect(answer[0]?.error).toContain("EADDRINUSE");
    expect(answer[1]?.error).toBeUndefined();
    holder.close();
    await once(holder, "close");
    expect((await edges.set(wanted)).edges[0]).toEqual({ id: "a->b", listen: taken });
  });

  test("keeps the toxics of an edge that is pointed elsewhere", async () => {
    const edges = start();
    await edges.set([toEdge("a->b", await startEcho())]);
    await edges.get("a->b")?.place(toPlaced(down, {}));
    const listen = await takeClosedAddress();
    await edges.set([toEdge("a->b", await startEcho(), listen)]);
    await expect(connect(listen)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await edges.get("a->b")?.remove("f1");
    await connect(listen);
  });

  test("refuses a set that names an edge twice or has a bad address, and touches nothing", async () => {
    const edges = start();
    const upstream = await startEcho();
    await edges.set([toEdge("a->b", upstream)]);
    expect(() => edges.set([toEdge("x->y", upstream), toEdge("x->y", upstream)])).toThrow("twice");
    expect(() => edges.set([toEdge("x->y", "nowhere")])).toThrow("host:port");
    expect(edges.get("a->b")).toBeDefined();
    expect(edges.isUpstream(upstream)).toBe(true);
    expect(edges.isUpstream("127.0.0.1:1")).toBe(false);
  });
});
