import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ComponentLife, createComponentLife, SLOW_START_MS } from "./component-life.ts";

let told: string[] = [];
let life: ComponentLife;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  life = createComponentLife("it", 100, ({ state, exitCode, detail }) => {
    told.push([state, exitCode ?? undefined, detail].filter((part) => part !== undefined).join(" "));
  });
});
afterEach(() => {
  life.close();
  vi.useRealTimers();
});

describe("readiness", () => {
  it("is there at once where nothing can be asked", () => {
    life.started(null);
    expect(told).toEqual(["starting", "running"]);
  });

  it("comes with the first answer, and is asked for no more after it", async () => {
    let asked = 0;
    life.started(async () => ++asked === 3);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([told, asked]).toEqual([["starting", "running"], 3]);
  });

  it("is asked for again after a question that failed", async () => {
    let asked = 0;
    life.started(async () => {
      if (++asked === 1) throw new Error("nobody there");
      return true;
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual(["starting", "running"]);
  });

  it("that is long in coming is told once, and asked for less often", async () => {
    let asked = 0;
    life.started(async () => ++asked < 0);
    await vi.advanceTimersByTimeAsync(SLOW_START_MS + 10_000);
    expect(told).toEqual(["starting", "starting not ready after 60 s"]);
    expect(asked).toBeLessThan(SLOW_START_MS / 100 + 15);
  });

  it("is not asked for after the end, nor does a late answer count", async () => {
    let answer: (open: boolean) => void = () => undefined;
    life.started(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    life.ended(1);
    answer(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual(["starting", "exited 1 exit code 1"]);
  });

  it("waits while it is paused, and goes on where it was", async () => {
    let isOpen = false;
    life.started(async () => isOpen);
    life.paused();
    isOpen = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual(["starting", "paused"]);
    life.unpaused();
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual(["starting", "paused", "starting", "running"]);
  });

  it("of what ran before the pause is not asked for again", () => {
    life.started(null);
    life.paused();
    life.paused();
    life.unpaused();
    life.unpaused();
    expect(told).toEqual(["starting", "running", "paused", "running"]);
  });
});

describe("the end", () => {
  it.each<[string, (life: ComponentLife) => void, string[]]>([
    [
      "our kill",
      (it) => {
        it.intend("kill");
        it.ended(137);
      },
      ["killed 137"],
    ],
    ["somebody's SIGKILL", (it) => it.ended(137), ["killed 137"]],
    ["out of memory", (it) => it.ended(137, "out of memory"), ["killed 137 out of memory"]],
    [
      "our stop",
      (it) => {
        it.intend("stop");
        it.ended(0);
      },
      ["stopping", "stopped 0"],
    ],
    [
      "our stop, ignored",
      (it) => {
        it.intend("stop");
        it.ended(137);
      },
      ["stopping", "stopped 137 did not end in its grace period"],
    ],
    [
      "a kill while it stops",
      (it) => {
        it.intend("stop");
        it.intend("kill");
        it.ended(137);
      },
      ["stopping", "killed 137"],
    ],
    [
      "a kill that was taken back",
      (it) => {
        it.intend("kill");
        it.intend(null);
        it.ended(0);
      },
      ["exited 0 exit code 0"],
    ],
    ["its own", (it) => it.ended(3, "exit code 3: no database"), ["exited 3 exit code 3: no database"]],
    ["unknown", (it) => it.ended(null), ["exited"]],
  ])("by %s", (_name, end, expected) => {
    life.started(null);
    told = [];
    end(life);
    expect(told).toEqual(expected);
  });

  it("of one life says nothing about the next", () => {
    life.started(null);
    life.intend("kill");
    life.ended(137);
    life.started(null);
    life.ended(0);
    expect(told.at(-1)).toBe("exited 0 exit code 0");
  });
});

it("runs on where a stop was taken back", () => {
  life.started(null);
  life.intend("stop");
  life.intend(null);
  expect(told).toEqual(["starting", "running", "stopping", "starting", "running"]);
});

it("refuses what makes no sense in its state", () => {
  expect(() => life.check("kill")).toThrow("it cannot be killed while it is waiting.");
  life.started(null);
  expect(() => life.check("start")).toThrow("it cannot be started while it is running.");
  expect(() => life.check("unpause")).toThrow("it cannot be resumed while it is running.");
  life.intend("stop");
  expect(() => life.check("pause")).toThrow("it cannot be paused while it is stopping.");
  life.check("kill");
  life.ended(0);
  life.check("start");
  life.check("restart");
});
