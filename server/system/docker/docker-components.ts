import type Docker from "dockerode";
import type { LogLine } from "#contract/logs.ts";
import type { ComponentAction, ComponentState } from "#contract/state.ts";
import { AppError } from "../../lib/app-error.ts";
import { type ComponentLife, createComponentLife, type Probe } from "../component-life.ts";
import type { ServiceModel } from "../model.ts";
import type { RuntimeEvent } from "../runtime.ts";
import { createStateWaiters } from "../state-waiters.ts";
import type { ContainerEvent } from "./container-events.ts";
import { toLogLines } from "./container-logs.ts";
import { followStats } from "./container-stats.ts";
import type { OwnProject } from "./own-project.ts";
import { toDockerError } from "./to-docker-error.ts";

/*
 * The components of a system as containers:
 *   act() ─ engine API ─▶ container ─▶ engine's events ─▶ onEvent() ─▶ life ─▶ RuntimeEvent
 * What a component does is learnt from the engine's events alone, whoever caused it.
 */
const READY_POLL_MS = 100;
/** An event follows its cause within milliseconds; this bounds the wait for one that never comes. */
const EVENT_WITHIN_MS = 5_000;
/** So many lines of output are given at most. */
const MOST_LINES = 5_000;

const ghosts: ComponentState[] = ["stopped", "killed", "exited"];

export type DockerComponents = {
  waiting(): void;
  onEvent(event: ContainerEvent): void;
  /** What happened while nobody listened, from how the containers are now. */
  catchUp(): Promise<void>;
  act(id: string, action: ComponentAction): Promise<void>;
  logs(id: string, lines: number): Promise<LogLine[]>;
  /** All of them are about to be removed. */
  ending(): void;
  close(): void;
};

export type DockerComponentsOptions = {
  engine: Docker;
  project: OwnProject;
  services: ServiceModel[];
  /** Whether a service accepts connections, asked of the agent, which is beside it; null where nothing can be asked. */
  toProbe(service: ServiceModel): Probe | null;
  emit(event: RuntimeEvent): void;
};

export function createDockerComponents(options: DockerComponentsOptions): DockerComponents {
  const { engine, project, services } = options;
  const waiters = createStateWaiters();
  const lives = new Map(services.map(({ id }) => [id, createComponentLife(id, READY_POLL_MS, emit)]));
  const stopStats = new Map<string, () => void>();
  const outOfMemory = new Set<string>();
  let isEnding = false;

  function emit(event: RuntimeEvent): void {
    options.emit(event);
    waiters.wake();
  }

  function findService(id: string): { service: ServiceModel; life: ComponentLife } {
    const service = services.find((candidate) => candidate.id === id);
    const life = lives.get(id);
    if (!service || !life) throw new AppError("not_found", `There is no component ${id} in this system.`);
    return { service, life };
  }

  async function findContainer(id: string) {
    const container = (await project.containers()).get(id);
    if (!container) throw new AppError("not_found", `The container of ${id} is gone: reset the system.`);
    return engine.getContainer(container);
  }

  function begin(service: string, container: string, life: ComponentLife): void {
    outOfMemory.delete(service);
    life.started(toProbe(service, container));
    stopStats.get(service)?.();
    const onUsage = (usage: { cpuRatio: number; memoryBytes: number }) =>
      emit({ type: "stats", component: service, at: Date.now(), ...usage });
    stopStats.set(service, followStats(engine, container, onUsage));
  }

  function end(service: string, life: ComponentLife, exitCode: number | null): void {
    stopStats.get(service)?.();
    stopStats.delete(service);
    const detail = isEnding ? "removed with the system" : undefined;
    life.ended(exitCode, outOfMemory.has(service) ? "out of memory" : detail);
  }

  /** What has a health check is ready when the engine says so, anything else when its port answers, or at once. */
  function toProbe(service: string, container: string): Probe {
    const probe = options.toProbe(findService(service).service);
    let hasHealth: boolean | undefined;
    return async (signal) => {
      if (hasHealth === undefined) {
        const { State } = await engine.getContainer(container).inspect();
        hasHealth = State.Health !== undefined && State.Health.Status !== "none";
      }
      if (hasHealth) return false;
      return probe ? probe(signal) : true;
    };
  }

  /** Resolves when the engine's events have brought a component into one of these states. */
  async function reach(life: ComponentLife, isReached: (state: ComponentState) => boolean): Promise<void> {
    const until = Date.now() + EVENT_WITHIN_MS;
    while (!isReached(life.state()) && Date.now() < until) await waiters.wait(until - Date.now());
  }

  async function stop(service: ServiceModel, life: ComponentLife): Promise<void> {
    const container = await findContainer(service.id);
    const wasPaused = life.state() === "paused";
    life.intend("stop");
    // The engine refuses to stop what is paused.
    if (wasPaused) await container.unpause();
    await container.stop({ t: Math.ceil(service.stopGraceMs / 1_000) });
    await reach(life, (state) => ghosts.includes(state));
  }

  async function start(id: string, life: ComponentLife): Promise<void> {
    await (await findContainer(id)).start();
    await reach(life, (state) => !ghosts.includes(state) && state !== "waiting");
  }

  async function apply(action: ComponentAction, service: ServiceModel, life: ComponentLife): Promise<void> {
    if (action === "start") return start(service.id, life);
    if (action === "stop") return stop(service, life);
    if (action === "restart") {
      const wasGhost = ghosts.includes(life.state());
      if (!wasGhost) await stop(service, life);
      // Whoever killed it meanwhile wants it dead.
      return wasGhost || life.state() === "stopped" ? start(service.id, life) : undefined;
    }
    const container = await findContainer(service.id);
    if (action === "kill") {
      life.intend("kill");
      await container.kill({ signal: "SIGKILL" });
      await reach(life, (state) => ghosts.includes(state));
    } else if (action === "pause") {
      await container.pause();
      await reach(life, (state) => state === "paused");
    } else {
      await container.unpause();
      await reach(life, (state) => state !== "paused");
    }
  }

  const components: DockerComponents = {
    waiting() {
      for (const life of lives.values()) life.waiting();
    },
    onEvent({ service, container, action, exitCode }) {
      const life = lives.get(service);
      if (!life) return;
      if (action === "start") begin(service, container, life);
      else if (action === "oom") outOfMemory.add(service);
      else if (action === "die") end(service, life, exitCode);
      else if (action === "pause") life.paused();
      else if (action === "unpause") life.unpaused();
      else if (action === "health_status: healthy") life.ready();
    },
    async catchUp() {
      for (const [service, id] of await project.containers()) {
        const life = lives.get(service);
        if (!life) continue;
        const { State } = await engine.getContainer(id).inspect();
        const isDown = ghosts.includes(life.state()) || life.state() === "waiting";
        if (State.Running && isDown) begin(service, id, life);
        if (!State.Running && !isDown && State.Status !== "created") end(service, life, State.ExitCode);
        if (State.Paused) life.paused();
        else if (State.Running) life.unpaused();
        if (State.Health?.Status === "healthy") life.ready();
      }
    },
    async act(id, action) {
      const { service, life } = findService(id);
      life.check(action);
      try {
        await apply(action, service, life);
      } catch (error) {
        life.intend(null);
        await components.catchUp().catch(() => undefined);
        throw toDockerError(error, id);
      }
    },
    async logs(id, lines) {
      findService(id);
      try {
        const container = await findContainer(id);
        const { Config } = await container.inspect();
        const tail = Math.min(lines, MOST_LINES);
        const answer = await container.logs({ stdout: true, stderr: true, timestamps: true, tail, follow: false });
        return toLogLines(answer, Config.Tty).slice(-tail);
      } catch (error) {
        throw toDockerError(error, id);
      }
    },
    ending() {
      isEnding = true;
      for (const life of lives.values()) life.intend("stop");
    },
    close() {
      for (const life of lives.values()) life.close();
      for (const stopFollowing of stopStats.values()) stopFollowing();
      stopStats.clear();
    },
  };
  return components;
}
