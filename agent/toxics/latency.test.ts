import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createRandom } from "../seeded-random.ts";
import { connect, endAll, startEcho, startEdge, startUpstream, toPlaced } from "../testing.ts";
import { latency, toDelayMs } from "./latency.ts";

describe("latency on one link", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start(settings = { latency: 100, jitter: 0 }) {
    const out: string[] = [];
    const stage = latency.createStage(
      settings,
      {
        write: (chunk) => out.push(String(chunk)),
        end: () => out.push("FIN"),
        close: () => out.push("closed"),
        reset: () => out.push("RST"),
      },
      createRandom(1),
    );
    return { out, stage, write: (text: string) => stage.write(Buffer.from(text)) };
  }

  test("each chunk and the end pass so long after they arrived", () => {
    const { out, stage, write } = start();
    write("a");
    vi.advanceTimersByTime(60);
    write("b");
    stage.end();
    vi.advanceTimersByTime(39);
    expect(out).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(out).toEqual(["a"]);
    vi.advanceTimersByTime(59);
    expect(out).toEqual(["a"]);
    vi.advanceTimersByTime(1);
    expect(out).toEqual(["a", "b", "FIN"]);
    expect(stage.heldBytes).toBe(0);
  });

  test("a change holds at once for what is held: less lets it pass, more keeps it", () => {
    const { out, stage, write } = start();
    write("a");
    vi.advanceTimersByTime(50);
    stage.change({ latency: 3_000, jitter: 0 });
    vi.advanceTimersByTime(2_900);
    expect(out).toEqual([]);
    stage.change({ latency: 10, jitter: 0 });
    expect(out).toEqual(["a"]);
  });

  test("removal passes on everything, in order", () => {
    const { out, stage, write } = start({ latency: 60_000, jitter: 60_000 });
    for (const text of ["a", "b", "c"]) write(text);
    stage.end();
    stage.release();
    expect(out).toEqual(["a", "b", "c", "FIN"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a closed connection leaves nothing held and no timer", () => {
    const { out, stage, write } = start();
    write("a");
    stage.stop();
    vi.advanceTimersByTime(1_000);
    expect([out, stage.heldBytes, vi.getTimerCount()]).toEqual([[], 0, 0]);
  });

  test("jitter is spread evenly over ± its value, and never makes the delay negative", () => {
    expect(toDelayMs({ latency: 100, jitter: 40 }, -1)).toBe(60);
    expect(toDelayMs({ latency: 100, jitter: 40 }, 1)).toBe(140);
    expect(toDelayMs({ latency: 10, jitter: 40 }, -1)).toBe(0);
  });
});

describe("latency on an edge", () => {
  afterEach(endAll);
  /** Longer than anything else here takes, also on a busy machine. */
  const settings = { latency: 500, jitter: 0 };

  test("delays the very next answer on an open connection, never early, and is gone at once", async () => {
    const edge = await startEdge(await startEcho());
    const client = await connect(edge.listen);
    const ask = async () => {
      const startedAt = performance.now();
      const before = client.text().length;
      client.socket.write("x");
      await client.received(before + 1);
      return performance.now() - startedAt;
    };
    expect(await ask()).toBeLessThan(500);
    await edge.place(toPlaced(latency, settings));
    for (let i = 0; i < 3; i++) expect(await ask()).toBeGreaterThanOrEqual(500);
    await edge.remove("f1");
    expect(await ask()).toBeLessThan(500);
  });

  test("loses nothing and keeps the order when it comes, changes and goes under traffic", async () => {
    const edge = await startEdge(await startEcho());
    const client = await connect(edge.listen);
    let sent = "";
    for (let i = 0; i < 60; i++) {
      const text = `${i},`;
      sent += text;
      client.socket.write(text);
      if (i % 20 === 3) await edge.place(toPlaced(latency, { latency: 40, jitter: 30 }));
      if (i % 20 === 9) edge.change("f1", { latency: 5, jitter: 5 });
      if (i % 20 === 15) await edge.remove("f1");
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    client.socket.end();
    expect(await client.ended).toBe("end");
    expect(client.text()).toBe(sent);
  });

  test("holds a bounded amount, and stops reading over it", async () => {
    const total = 32 * 1024 * 1024;
    let handedOver = 0;
    const edge = await startEdge(
      await startUpstream((socket) => {
        socket.end(Buffer.alloc(total));
        const timer = setInterval(() => {
          handedOver = socket.bytesWritten - socket.writableLength;
        }, 5);
        socket.on("close", () => clearInterval(timer));
      }),
    );
    await edge.place(toPlaced(latency, { latency: 600_000, jitter: 0 }));
    const client = await connect(edge.listen);
    let before = -1;
    while (handedOver > before) {
      before = handedOver;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    // The kernel's own buffers come on top of the 4 MiB.
    expect(handedOver).toBeLessThan(24 * 1024 * 1024);
    await edge.remove("f1");
    expect(await client.ended).toBe("end");
    expect(client.text().length).toBe(total);
  });
});
