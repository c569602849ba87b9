import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AppError } from "../../lib/app-error.ts";
import type { RuntimeEvent } from "../runtime.ts";
import { type Child, startChild } from "./child.ts";
import { createLogFiles } from "./log-files.ts";
import type { ProcessWiring } from "./process-wiring.ts";
import { send, signalTree } from "./signal-tree.ts";
import { isTcpOpen } from "./tcp-open.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const START_WITHIN_MS = 15_000;
const POLL_MS = 25;
/** The agent ends itself within half a second of SIGTERM. */
const GRACE_MS = 1_000;

/** The agent as a local process. Its ports stay the same over every start, since the components hold its address. */
export type ProcessAgent = {
  child(): Child | null;
  start(wiring: ProcessWiring): Promise<{ controlUrl: string }>;
  end(): Promise<void>;
  markLogs(): void;
};

export function createProcessAgent(
  logFolder: string,
  emit: (event: RuntimeEvent) => void,
  onProcess: () => void,
): ProcessAgent {
  const logs = createLogFiles(logFolder, "faultline-agent");
  let child: Child | null = null;
  let ending = false;

  async function end(): Promise<void> {
    const running = child;
    if (!running) return;
    ending = true;
    send(running.pid, "SIGTERM");
    const timer = new AbortController();
    const grace = delay(GRACE_MS, "late", { signal: timer.signal }).catch(() => "ended");
    if ((await Promise.race([running.ended, grace])) === "late") signalTree(running.pid, "SIGKILL");
    timer.abort();
    await running.ended;
    ending = false;
  }

  return {
    child: () => child,
    end,
    markLogs: logs.mark,
    async start({ controlPort, intakePort }) {
      await end();
      const environment = Object.entries({
        ...process.env,
        AGENT_CONTROL: `127.0.0.1:${controlPort}`,
        AGENT_INTAKE: `127.0.0.1:${intakePort}`,
      }).flatMap(([key, value]): [string, string][] => (value === undefined ? [] : [[key, value]]));
      const started = await startChild({
        argv: ["node", "agent/main.ts"],
        cwd: root,
        environment: Object.fromEntries(environment),
        logs,
      });
      child = started;
      onProcess();
      let isUp = false;
      void started.ended.then((exitCode) => {
        if (child === started) child = null;
        onProcess();
        if (isUp && !ending) emit({ type: "agent-exit", at: Date.now(), exitCode });
      });
      const until = Date.now() + START_WITHIN_MS;
      while (child === started && Date.now() < until) {
        if (await isTcpOpen(controlPort)) {
          isUp = true;
          return { controlUrl: `http://127.0.0.1:${controlPort}` };
        }
        await delay(POLL_MS);
      }
      const last = logs.lines(1).at(-1)?.text;
      await end();
      throw new AppError(
        "unavailable",
        `The agent did not start${last ? `: ${last}` : ""}. Start again; its log is in ${logFolder}.`,
      );
    },
  };
}
