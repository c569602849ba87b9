import { afterEach, describe, expect, test } from "vitest";
import { connect, endAll, startEcho, startEdge, toPlaced } from "../testing.ts";
import { down } from "./down.ts";

afterEach(endAll);

describe("down", () => {
  test("closes live connections, refuses new ones, and opens the same port again when it is removed", async () => {
    const edge = await startEdge(await startEcho());
    const address = edge.listen;
    const client = await connect(address);
    await edge.place(toPlaced(down, {}));
    expect(await client.ended).toBe("end");
    await expect(connect(address)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await edge.remove("f1");
    expect(edge.listen).toBe(address);
    const again = await connect(address);
    again.socket.write("back");
    expect(await again.received(4)).toBe("back");
  });

  test("twice on an edge, it holds until both are removed", async () => {
    const edge = await startEdge(await startEcho());
    await edge.place(toPlaced(down, {}, { id: "a" }));
    await edge.place(toPlaced(down, {}, { id: "b" }));
    await edge.remove("a");
    await expect(connect(edge.listen)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await edge.remove("b");
    await connect(edge.listen);
  });
});
