import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ComponentState } from "#contract/state.ts";
import { AppError } from "../../lib/app-error.ts";
import { type ComponentLife, createComponentLife, type Probe } from "../component-life.ts";
import type { InterposedSystem, ServiceModel, SystemModel } from "../model.ts";
import type { Runtime, RuntimeEvent } from "../runtime.ts";
import { createStateWaiters } from "../state-waiters.ts";
import { compose } from "./compose-cli.ts";
import { type ContainerEvent, followContainerEvents } from "./container-events.ts";
import { toLogLines } from "./container-logs.ts";
import { followStats } from "./container-stats.ts";
import { createEngine } from "./create-engine.ts";
import { startDockerAgent } from "./docker-agent.ts";
import { dockerWiring } from "./docker-wiring.ts";
import { findMissingImages, toBuilds } from "./images.ts";
import { AGENT_SERVICE, toOverride } from "./override-file.ts";
import { createOwnProject } from "./own-project.ts";
import { toDockerError } from "./to-docker-error.ts";

/*
 * The system in containers:
 *
 *   compose file + override file ─ docker compose build, pull, up ─▶ containers labelled with the project
 *   kill, stop, pause, …  ─ engine API ─▶ one of them       events, stats, logs ◀─ engine API
 *
 * What a component does is learnt from the engine's events alone, whoever caused it.
 */
const READY_POLL_MS = 100;
const PROBE_WITHIN_MS = 2_000;
/** An event follows its cause within milliseconds; this bounds the wait for one that never comes. */
const EVENT_WITHIN_MS = 5_000;
/** So many lines are given at most. */
const MOST_LINES = 5_000;

const root = fileURLToPath(new URL("../../../", import.meta.url));
const ghosts: ComponentState[] = ["stopped", "killed", "exited"];

export function createDockerRuntime({ project: name, dataFolder }: { project: string; dataFolder: string }): Runtime {
  const engine = createEngine();
  const project = createOwnProject(engine, name);
  const agentImage = process.env.FAULTLINE_IMAGE || "faultline-app:local";
  const overrideFile = join(dataFolder, "docker-compose.faultline.yml");
  const listeners: ((event: RuntimeEvent) => void)[] = [];
  const waiters = createStateWaiters();
  let model: SystemModel | null = null;
  let system: InterposedSystem | null = null;
  let lives = new Map<string, ComponentLife>();
  let stopStats = new Map<string, () => void>();
  const outOfMemory = new Set<string>();
  let events: { close(): void } | null = null;
  let controlUrl: string | null = null;
  let isAgentUp = false;
  let closing = new AbortController();
  let composing: Promise<void> = Promise.resolve();

  function emit(event: RuntimeEvent): void {
    for (const listener of listeners) listener(event);
    waiters.wake();
  }

  function progress(text: string): void {
    emit({ type: "progress", at: Date.now(), text });
  }

  async function run(doing: string, args: string[], signal: AbortSignal = closing.signal): Promise<void> {
    if (!model) throw new AppError("internal", "The system was started before it was prepared.");
    const options = { project: name, files: [model.file, overrideFile], cwd: dirname(model.file), signal };
    const running = compose(doing, args, options);
    composing = running.catch(() => undefined);
    await running;
  }

  function writeOverride(environment: Record<string, Record<string, string>>): void {
    if (!model) return;
    mkdirSync(dataFolder, { recursive: true });
    writeFileSync(
      overrideFile,
      toOverride({ model, environment, agentImage, root, nodeImage: process.env.NODE_IMAGE }),
    );
  }

  function findService(id: string): { service: ServiceModel; life: ComponentLife } {
    const service = model?.services.find((candidate) => candidate.id === id);
    const life = lives.get(id);
    if (!service || !life) throw new AppError("not_found", `There is no component ${id} in this system.`);
    return { service, life };
  }

  async function findContainer(id: string) {
    const container = (await project.containers()).get(id);
    if (!container) throw new AppError("not_found", `The container of ${id} is gone: reset the system.`);
    return engine.getContainer(container);
  }

  function onContainerEvent({ service, container, action, exitCode }: ContainerEvent): void {
    if (service === AGENT_SERVICE) {
      if (action !== "die" || !isAgentUp) return;
      isAgentUp = false;
      emit({ type: "agent-exit", at: Date.now(), exitCode });
      return;
    }
    const life = lives.get(service);
    if (!life) return;
    if (action === "start") begin(service, container, life);
    else if (action === "oom") outOfMemory.add(service);
    else if (action === "die") end(service, life, exitCode);
    else if (action === "pause") life.paused();
    else if (action === "unpause") life.unpaused();
    else if (action === "health_status: healthy") life.ready();
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
    life.ended(exitCode, outOfMemory.has(service) ? "out of memory" : undefined);
  }

  /**
   * Ready when its first port that somebody calls accepts a connection, asked of the agent, which is beside it. What has
   * a health check is ready when the engine says so, what nobody calls at once.
   */
  function toProbe(service: string, container: string): Probe {
    const port = findService(service).service.ports.find((candidate) =>
      system?.edges.some(({ callee, port }) => callee === service && port === candidate),
    );
    let hasHealth: Promise<boolean> | null = null;
    return async (signal) => {
      hasHealth ??= engine
        .getContainer(container)
        .inspect()
        .then(({ State }) => State.Health !== undefined && State.Health.Status !== "none");
      if (await hasHealth) return false;
      if (port === undefined) return true;
      const address = encodeURIComponent(dockerWiring.upstream(service, port));
      const within = AbortSignal.any([signal, AbortSignal.timeout(PROBE_WITHIN_MS)]);
      const answer = await fetch(`${controlUrl}/faultline/probe?address=${address}`, { signal: within });
      return answer.ok && ((await answer.json()) as { open?: boolean }).open === true;
    };
  }

  /** What happened while nobody listened, from how the containers are now. */
  async function catchUp(): Promise<void> {
    for (const [service, id] of await project.containers()) {
      const life = lives.get(service);
      const { State } = await engine.getContainer(id).inspect();
      if (service === AGENT_SERVICE && !State.Running)
        onContainerEvent({ service, container: id, action: "die", exitCode: State.ExitCode });
      if (!life) continue;
      const isGhost = ghosts.includes(life.state()) || life.state() === "waiting";
      if (State.Running && isGhost) begin(service, id, life);
      if (!State.Running && !isGhost && State.Status !== "created") end(service, life, State.ExitCode);
      if (State.Paused) life.paused();
      else if (State.Running) life.unpaused();
      if (State.Health?.Status === "healthy") life.ready();
    }
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

  return {
    kind: "docker",
    unavailableActions: {},

    async prepare(newModel, signal) {
      closing = new AbortController();
      model = newModel;
      system = null;
      isAgentUp = false;
      const removed = await project.remove();
      if (removed > 0) progress(`removed ${removed} containers that an earlier run left`);
      signal.throwIfAborted();
      lives = new Map(newModel.services.map(({ id }) => [id, createComponentLife(id, READY_POLL_MS, emit)]));
      events?.close();
      events = await followContainerEvents(engine, project.filters, { onEvent: onContainerEvent, onOpen: catchUp });
      writeOverride({});
      const stopping = AbortSignal.any([signal, closing.signal]);
      progress(`building the image ${agentImage}`);
      await run("Building the image", ["build", ...toBuilds(newModel, agentImage)], stopping);
      const missing = await findMissingImages(engine, newModel);
      if (missing.length > 0) {
        progress(`fetching ${missing.map(({ image }) => image).join(", ")}`);
        await run("Fetching the images", ["pull", ...missing.map(({ id }) => id)], stopping);
      }
      return dockerWiring;
    },

    async startAgent() {
      isAgentUp = false;
      try {
        const up = () => run("Starting the agent", ["up", "-d", "--no-build", AGENT_SERVICE]);
        controlUrl = await startDockerAgent(engine, project, up);
      } catch (error) {
        throw closing.signal.aborted ? error : toDockerError(error, "the agent");
      }
      isAgentUp = true;
      return { controlUrl };
    },

    async up(newSystem) {
      system = newSystem;
      writeOverride(newSystem.environment);
      for (const life of lives.values()) life.waiting();
      await run("Starting the containers", ["up", "-d", "--no-build", ...newSystem.model.services.map(({ id }) => id)]);
    },

    async act(component, action) {
      const { service, life } = findService(component);
      life.check(action);
      try {
        if (action === "start") return await start(component, life);
        if (action === "stop") return await stop(service, life);
        if (action === "restart") {
          const isGhost = ghosts.includes(life.state());
          if (!isGhost) await stop(service, life);
          // Whoever killed it meanwhile wants it dead.
          if (isGhost || life.state() === "stopped") await start(component, life);
          return;
        }
        const container = await findContainer(component);
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
      } catch (error) {
        life.intend(null);
        await catchUp().catch(() => undefined);
        throw toDockerError(error, component);
      }
    },

    async logs(component, lines) {
      findService(component);
      try {
        const container = await findContainer(component);
        const { Config } = await container.inspect();
        const tail = Math.min(lines, MOST_LINES);
        const answer = await container.logs({ stdout: true, stderr: true, timestamps: true, tail, follow: false });
        return toLogLines(answer, Config.Tty).slice(-tail);
      } catch (error) {
        throw toDockerError(error, component);
      }
    },

    async down() {
      closing.abort(new AppError("conflict", "The system is being stopped."));
      isAgentUp = false;
      await composing;
      for (const stopFollowing of stopStats.values()) stopFollowing();
      stopStats = new Map();
      await project.remove();
      for (const life of lives.values()) life.close();
      events?.close();
      events = null;
    },

    onEvent: (listener) => void listeners.push(listener),
    orphans: () => [],
  };
}
