import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../lib/app-error.ts";
import type { SystemModel } from "../model.ts";
import type { Runtime, RuntimeEvent } from "../runtime.ts";
import { createStateWaiters } from "../state-waiters.ts";
import { toChildEnvironment } from "./child-environment.ts";
import { createProcessAgent } from "./process-agent.ts";
import { createProcessComponent, type ProcessComponent } from "./process-component.ts";
import { createProcessStats } from "./process-stats.ts";
import { createProcessWiring, type ProcessWiring } from "./process-wiring.ts";
import { createRunFolder } from "./run-folder.ts";
import { signalTree } from "./signal-tree.ts";

/*
 * The system as local processes, for machines without Docker:
 *
 *   compose service ─ command, or label faultline.process ─▶ child process in a group of its own, on 127.0.0.1
 *   SIGKILL, SIGSTOP ─▶ its whole tree          output ─▶ files          CPU, memory ◀─ /proc or ps, once a second
 */
const STATS_MS = 1_000;
/** A component waits this long for what it depends on, then starts anyway: it must bear that in life, too. */
const DEPENDENCY_WAIT_MS = 30_000;
/** When everything ends, nobody gets a longer grace than this. */
const DOWN_GRACE_MS = 3_000;

export function createProcessRuntime({ dataFolder }: { dataFolder: string }): Runtime {
  const folder = createRunFolder(dataFolder);
  const listeners: ((event: RuntimeEvent) => void)[] = [];
  const waiters = createStateWaiters();
  const agent = createProcessAgent(folder.logs, emit, remember);
  const measure = createProcessStats();
  let components = new Map<string, ProcessComponent>();
  let model: SystemModel | null = null;
  let wiring: ProcessWiring | null = null;
  let statsTimer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function emit(event: RuntimeEvent): void {
    for (const listener of listeners) listener(event);
    waiters.wake();
  }

  function running(): { name: string; pid: number; startedAt: string }[] {
    const all = [...components].map(([name, component]) => ({ name, child: component.child() }));
    all.push({ name: "faultline-agent", child: agent.child() });
    return all.flatMap(({ name, child }) => (child ? [{ name, pid: child.pid, startedAt: child.startedAt }] : []));
  }

  function remember(): void {
    // While everything ends, what is still alive stays on disk until the end.
    if (!isClosed) folder.remember(running());
  }

  /** The last resort, when the dashboard ends without having called down(). */
  function killAll(): void {
    for (const { pid } of running()) signalTree(pid, "SIGKILL");
  }

  function sample(): void {
    const at = Date.now();
    agent.markLogs();
    const usage = measure(
      running().map(({ pid }) => pid),
      performance.now(),
    );
    for (const [id, component] of components) {
      component.markLogs();
      const used = usage.get(component.child()?.pid ?? 0);
      if (used) emit({ type: "stats", component: id, at, ...used });
    }
  }

  function find(id: string): ProcessComponent {
    const component = components.get(id);
    if (!component) throw new AppError("not_found", `There is no component ${id} in this system.`);
    return component;
  }

  /** Resolves when none of these is waiting or starting any more, or after a while. Says meanwhile for whom it waits. */
  async function awaitReady(ids: string[], onWaiting: (id: string) => void): Promise<void> {
    const until = Date.now() + DEPENDENCY_WAIT_MS;
    let told: string | undefined;
    while (!isClosed && Date.now() < until) {
      const pending = ids.find((id) => ["waiting", "starting"].includes(components.get(id)?.life.state() ?? ""));
      if (!pending) return;
      if (pending !== told) onWaiting(pending);
      told = pending;
      await waiters.wait(until - Date.now());
    }
  }

  const runtime: Runtime = {
    kind: "process",
    unavailableActions:
      process.platform === "win32"
        ? { pause: "Windows cannot freeze a process.", unpause: "Windows cannot freeze a process." }
        : {},

    async prepare(newModel, signal) {
      isClosed = false;
      model = newModel;
      const without = newModel.services.filter(({ process }) => !process).map(({ id }) => id);
      if (without.length > 0) {
        throw new AppError(
          "unsupported",
          `Without Docker nothing says how to run ${without.join(", ")}: add a label faultline.process with a command, or start with --runtime docker.`,
        );
      }
      const ended = await folder.prepare();
      if (ended.length > 0)
        emit({ type: "progress", at: Date.now(), text: `ended ${ended.length} processes that an earlier run left` });
      signal.throwIfAborted();
      wiring = await createProcessWiring(newModel);
      process.removeListener("exit", killAll);
      process.once("exit", killAll);
      return wiring;
    },

    async startAgent() {
      if (!wiring) throw new AppError("internal", "The agent was started before the system was prepared.");
      return agent.start(wiring);
    },

    async up({ environment }) {
      if (!model || !wiring) throw new AppError("internal", "The system was started before it was prepared.");
      const { file, services } = model;
      const { mainPort } = wiring;
      components = new Map(
        services.map((service) => {
          const port = mainPort(service.id);
          const own = {
            NODE_COMPILE_CACHE: folder.compileCache,
            ...environment[service.id],
            HOST: "127.0.0.1",
            ...(port === undefined ? {} : { PORT: String(port) }),
            DATA_DIR: folder.data(service.id),
          };
          const component = createProcessComponent({
            service,
            cwd: dirname(file),
            environment: toChildEnvironment(process.env, own),
            port,
            dataFolder: folder.data(service.id),
            logFolder: folder.logs,
            emit,
            onProcess: remember,
          });
          return [service.id, component];
        }),
      );
      for (const component of components.values()) component.life.waiting();
      clearInterval(statsTimer);
      statsTimer = setInterval(sample, STATS_MS);
      await Promise.all(
        services.map(async ({ id, dependsOn }) => {
          const { life, start } = find(id);
          await awaitReady(dependsOn, (dependency) => {
            if (life.state() === "waiting") life.waiting(`waiting for ${dependency}`);
          });
          if (life.state() === "waiting" && !isClosed) await start();
        }),
      );
    },

    async act(component, action) {
      const reason = runtime.unavailableActions[action];
      if (reason) throw new AppError("unsupported", reason);
      if (isClosed) throw new AppError("conflict", "The system is being stopped.");
      await find(component).act(action);
    },

    async logs(component, lines) {
      return find(component).logs(lines);
    },

    async down() {
      isClosed = true;
      clearInterval(statsTimer);
      waiters.wake();
      await Promise.all([...components.values()].map(({ end }) => end(DOWN_GRACE_MS)));
      for (const { life } of components.values()) life.close();
      await agent.end();
      folder.remove();
      process.removeListener("exit", killAll);
      // One turn for what waits for the last exits.
      await delay(0);
    },

    onEvent: (listener) => void listeners.push(listener),
    orphans: () =>
      running()
        .filter(({ name }) => name !== "faultline-agent")
        .map(({ pid, startedAt }) => ({ pid, startedAt })),
  };
  return runtime;
}
