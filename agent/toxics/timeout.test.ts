import { afterEach, describe, expect, test } from "vitest";
import { connect, endAll, startEcho, startEdge, toPlaced, until } from "../testing.ts";
import { timeout } from "./timeout.ts";

afterEach(endAll);

async function start() {
  const edge = await startEdge(await startEcho());
  const client = await connect(edge.listen);
  client.socket.write("before");
  await client.received(6);
  return { edge, client };
}

describe("timeout on an open connection", () => {
  test("swallows data, and closes after its time", async () => {
    const { edge, client } = await start();
    const startedAt = performance.now();
    await edge.place(toPlaced(timeout, { timeout: 80 }));
    client.socket.write("lost");
    expect(await client.ended).toBe("end");
    expect(performance.now() - startedAt).toBeGreaterThan(75);
    expect(client.text()).toBe("before");
  });

  test("0 is a black hole until it is removed, and removal closes the connection", async () => {
    const { edge, client } = await start();
    await edge.place(toPlaced(timeout, { timeout: 0 }));
    client.socket.write("lost");
    const first = await Promise.race([client.ended, new Promise((resolve) => setTimeout(resolve, 100, "open"))]);
    expect(first).toBe("open");
    await edge.remove("f1");
    expect(await client.ended).toBe("end");
    expect(client.text()).toBe("before");
  });

  test("a changed time counts from the beginning", async () => {
    const { edge, client } = await start();
    await edge.place(toPlaced(timeout, { timeout: 60_000 }));
    edge.change("f1", { timeout: 1 });
    expect(await client.ended).toBe("end");
  });

  test("swallows only the way it is put on", async () => {
    const edge = await startEdge(await startEcho());
    await edge.place(toPlaced(timeout, { timeout: 0 }, { stream: "upstream" }));
    const client = await connect(edge.listen);
    client.socket.write("never arrives");
    await until(() => edge.takeStats()?.bytesUp === 13);
    await edge.place(toPlaced(timeout, { timeout: 0 }, { id: "f2" }));
    await edge.remove("f2");
    expect(await client.ended).toBe("end");
    expect(client.text()).toBe("");
  });
});
