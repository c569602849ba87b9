import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createOrphans } from "./orphans.ts";
import { processStartedAt } from "./process-start.ts";
import { endAll, later, until } from "./testing.ts";

afterEach(() => {
  vi.useRealTimers();
  endAll();
});

const IDLE = "setInterval(() => {}, 1000)";

function startChild(script: string): ChildProcess {
  const child = spawn(process.execPath, ["-e", script], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  later(() => child.kill("SIGKILL"));
  return child;
}

describe("orphans", () => {
  test("are killed with all that they started, when no heartbeat came for the asked time", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    // Its child leads a group of its own, as a database server's children do.
    const script = `console.log(require("child_process").spawn(process.execPath, ["-e", "${IDLE}"], { detached: true, stdio: "ignore" }).pid); ${IDLE}`;
    const child = startChild(script);
    const [line] = await once(createInterface({ input: child.stdout ?? process.stdin }), "line");
    const grandchild = Number(line);
    const pid = child.pid ?? 0;
    const ended = vi.fn();
    const orphans = createOrphans(ended);
    orphans.set({ afterMs: 10_000, processes: [{ pid, startedAt: processStartedAt(pid) ?? "" }] });
    vi.advanceTimersByTime(9_000);
    orphans.heartbeat();
    vi.advanceTimersByTime(9_999);
    expect(ended).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ended).toHaveBeenCalledOnce();
    vi.useRealTimers();
    const [, signal] = await once(child, "exit");
    expect(signal).toBe("SIGKILL");
    // Whoever adopted it may not have buried it yet; dead it is.
    await until(() => processStartedAt(grandchild) === null || isZombie(grandchild));
  });

  test("spare a process that only has the same id", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const child = startChild(IDLE);
    const orphans = createOrphans(() => {});
    orphans.set({ afterMs: 1_000, processes: [{ pid: child.pid ?? 0, startedAt: "another time" }] });
    vi.advanceTimersByTime(1_000);
    expect(child.kill(0)).toBe(true);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });
});

function isZombie(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return process.platform === "linux";
  }
}
