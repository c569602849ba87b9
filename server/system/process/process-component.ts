import { mkdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { LogLine } from "#contract/logs.ts";
import type { ComponentAction } from "#contract/state.ts";
import { type ComponentLife, createComponentLife } from "../component-life.ts";
import type { ServiceModel } from "../model.ts";
import type { RuntimeEvent } from "../runtime.ts";
import { type Child, startChild } from "./child.ts";
import { createLogFiles } from "./log-files.ts";
import { send, signalTree } from "./signal-tree.ts";
import { isTcpOpen } from "./tcp-open.ts";

const READY_POLL_MS = 50;
/** Where the reason of an end is looked for. */
const LAST_LINES = 30;
const MOST_REASON_CHARS = 300;

/** One component as a local process. */
export type ProcessComponent = {
  life: ComponentLife;
  child(): Child | null;
  start(): Promise<void>;
  act(action: ComponentAction): Promise<void>;
  /** Its own stop signal, then SIGKILL for the whole tree after its grace period, at most `longestMs`; nothing when it does not run. */
  end(longestMs?: number): Promise<void>;
  logs(lines: number): LogLine[];
  markLogs(): void;
};

export type ProcessComponentOptions = {
  service: ServiceModel;
  cwd: string;
  environment: Record<string, string>;
  /** Its first port on 127.0.0.1; undefined where it listens on none. */
  port: number | undefined;
  dataFolder: string;
  logFolder: string;
  emit(event: RuntimeEvent): void;
  /** Called whenever a process has started or ended. */
  onProcess(): void;
};

export function createProcessComponent(options: ProcessComponentOptions): ProcessComponent {
  const { service, port } = options;
  const life = createComponentLife(service.id, READY_POLL_MS, options.emit);
  const logs = createLogFiles(options.logFolder, service.id);
  let child: Child | null = null;
  let spawning: Promise<void> | null = null;

  /** Two who ask at once start it once. */
  function start(): Promise<void> {
    spawning ??= run().finally(() => {
      spawning = null;
    });
    return spawning;
  }

  async function run(): Promise<void> {
    mkdirSync(options.dataFolder, { recursive: true });
    const { cwd, environment } = options;
    let started: Child;
    try {
      started = await startChild({ argv: service.process ?? [], cwd, environment, logs });
    } catch (error) {
      // As a shell reports a command that is not there.
      life.ended(127, `the command cannot be run: ${(error as Error).message}`);
      return;
    }
    child = started;
    options.onProcess();
    life.started(port === undefined ? null : () => isTcpOpen(port));
    void started.ended.then((code) => {
      if (child === started) child = null;
      options.onProcess();
      const why = code === 0 || code === null || code > 128 ? undefined : toLastWords(logs.lines(LAST_LINES));
      life.ended(code, why === undefined ? undefined : `exit code ${code}: ${why}`);
    });
  }

  async function end(longestMs = Number.POSITIVE_INFINITY): Promise<void> {
    await spawning;
    const ending = child;
    if (!ending) return;
    // A paused process would hold the signal back until it is resumed.
    if (life.state() === "paused") signalTree(ending.pid, "SIGCONT");
    life.intend("stop");
    if (!send(ending.pid, service.stopSignal as NodeJS.Signals)) send(ending.pid, "SIGTERM");
    const timer = new AbortController();
    const grace = delay(Math.min(service.stopGraceMs, longestMs), "late", { signal: timer.signal }).catch(
      () => "ended",
    );
    if ((await Promise.race([ending.ended, grace])) === "late") signalTree(ending.pid, "SIGKILL");
    timer.abort();
    await ending.ended;
  }

  return {
    life,
    child: () => child,
    start,
    end,
    logs: logs.lines,
    markLogs: logs.mark,
    async act(action) {
      life.check(action);
      const running = child;
      if (action === "stop") return end();
      if (action === "start") return start();
      if (action === "restart") {
        if (running) await end();
        // Whoever killed it meanwhile wants it dead.
        if (running && life.state() !== "stopped") return;
        return start();
      }
      if (!running) return;
      if (action === "kill") {
        life.intend("kill");
        signalTree(running.pid, "SIGKILL");
        await running.ended;
      } else if (action === "pause") {
        signalTree(running.pid, "SIGSTOP");
        life.paused();
      } else {
        signalTree(running.pid, "SIGCONT");
        life.unpaused();
      }
    },
  };
}

/** The reason in the last output of what has ended: the last line that speaks of an error, else the last of all. */
export function toLastWords(lines: Pick<LogLine, "text">[]): string | undefined {
  const words = lines.findLast(({ text }) => /error\b|fatal|panic/i.test(text)) ?? lines.at(-1);
  return words?.text.trim().slice(0, MOST_REASON_CHARS);
}
