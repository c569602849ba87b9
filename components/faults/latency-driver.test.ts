import { describe, expect, test } from "vitest";
import { createLatencyDriver } from "./latency-driver.ts";

/** A port that writes down what it is told and answers when the test says so. */
function aPort(options: { held?: { id: string; latencyMs: number }; lapsed?: boolean } = {}) {
  const sent: string[] = [];
  const answers: (() => void)[] = [];
  let held = options.held ?? null;
  const answered = () => new Promise<void>((resolve) => answers.push(resolve));
  return {
    sent,
    /** Answers the oldest unanswered command and lets the driver go on. */
    async answer() {
      answers.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
    current: () => held,
    async add(latencyMs: number) {
      sent.push(`add ${latencyMs}`);
      await answered();
      held = { id: "f1", latencyMs };
      return "f1";
    },
    async update(id: string, latencyMs: number) {
      sent.push(`update ${id} ${latencyMs}`);
      await answered();
      if (options.lapsed) held = null;
      else held = { id, latencyMs };
      return !options.lapsed;
    },
    async remove(id: string) {
      sent.push(`remove ${id}`);
      await answered();
      held = null;
    },
  };
}

describe("dragging the latency slider", () => {
  test("adds once, then updates with the newest value only, one command at a time", async () => {
    const port = aPort();
    const driver = createLatencyDriver(port, async () => {});
    for (const latencyMs of [100, 400, 900]) driver.set(latencyMs);
    expect(port.sent).toEqual(["add 100"]);
    await port.answer();
    expect(port.sent).toEqual(["add 100", "update f1 900"]);
    await port.answer();
    await driver.settled();
    expect(port.sent).toHaveLength(2);
  });

  test("changes the fault that holds already instead of adding another", () => {
    const port = aPort({ held: { id: "f7", latencyMs: 500 } });
    createLatencyDriver(port, async () => {}).set(600);
    expect(port.sent).toEqual(["update f7 600"]);
  });

  test("removes it at zero, and sends nothing where there is nothing to remove", async () => {
    const port = aPort({ held: { id: "f7", latencyMs: 500 } });
    const driver = createLatencyDriver(port, async () => {});
    driver.set(0);
    await port.answer();
    driver.set(0);
    await driver.settled();
    expect(port.sent).toEqual(["remove f7"]);
  });

  test("adds anew when the fault lapsed under the hand", async () => {
    const port = aPort({ held: { id: "f7", latencyMs: 500 }, lapsed: true });
    createLatencyDriver(port, async () => {}).set(800);
    await port.answer();
    expect(port.sent).toEqual(["update f7 800", "add 800"]);
  });
});
