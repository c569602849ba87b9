import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "../../lib/app-error.ts";
import type { Probe } from "../component-life.ts";
import type { InterposedSystem, ServiceModel, SystemModel } from "../model.ts";
import type { Runtime, RuntimeEvent } from "../runtime.ts";
import { compose } from "./compose-cli.ts";
import { type ContainerEvent, followContainerEvents } from "./container-events.ts";
import { createEngine } from "./create-engine.ts";
import { startDockerAgent } from "./docker-agent.ts";
import { createDockerComponents, type DockerComponents } from "./docker-components.ts";
import { dockerWiring } from "./docker-wiring.ts";
import { findMissingImages, toBuilds } from "./images.ts";
import { AGENT_SERVICE, toOverride } from "./override-file.ts";
import { createOwnProject } from "./own-project.ts";
import { toDockerError } from "./to-docker-error.ts";

/*
 * The system in containers:
 *
 *   compose file + override file ─ docker compose build, pull, up ─▶ containers labelled with the project
 *   act, logs, stats, events ─ engine API ─▶ docker-components.ts
 *   down ─ engine API, by label ─▶ everything of the project is killed and removed, whatever state it is in
 */
const PROBE_WITHIN_MS = 2_000;
const root = fileURLToPath(new URL("../../../", import.meta.url));

export function createDockerRuntime({ project: name, dataFolder }: { project: string; dataFolder: string }): Runtime {
  const engine = createEngine();
  const project = createOwnProject(engine, name);
  const agentImage = process.env.FAULTLINE_IMAGE || "faultline-app:local";
  const overrideFile = join(dataFolder, "docker-compose.faultline.yml");
  const listeners: ((event: RuntimeEvent) => void)[] = [];
  let model: SystemModel | null = null;
  let system: InterposedSystem | null = null;
  let components: DockerComponents | null = null;
  let events: { close(): void } | null = null;
  let controlUrl = "";
  let isAgentUp = false;
  let closing = new AbortController();
  let composing: Promise<void> = Promise.resolve();

  function emit(event: RuntimeEvent): void {
    for (const listener of listeners) listener(event);
  }

  function progress(text: string): void {
    emit({ type: "progress", at: Date.now(), text });
  }

  function unprepared(): AppError {
    return new AppError("conflict", "The system is not prepared yet.");
  }

  async function run(doing: string, args: string[], signal: AbortSignal = closing.signal): Promise<void> {
    if (!model) throw unprepared();
    const running = compose(doing, args, {
      project: name,
      files: [model.file, overrideFile],
      cwd: dirname(model.file),
      signal,
    });
    composing = running.catch(() => undefined);
    await running;
  }

  function writeOverride(environment: Record<string, Record<string, string>>): void {
    if (!model) throw unprepared();
    mkdirSync(dataFolder, { recursive: true });
    writeFileSync(
      overrideFile,
      toOverride({ model, environment, agentImage, root, nodeImage: process.env.NODE_IMAGE }),
    );
  }

  function onContainerEvent(event: ContainerEvent): void {
    if (event.service !== AGENT_SERVICE) components?.onEvent(event);
    else if (event.action === "die") onAgentEnd(event.exitCode);
  }

  function onAgentEnd(exitCode: number | null): void {
    if (!isAgentUp) return;
    isAgentUp = false;
    emit({ type: "agent-exit", at: Date.now(), exitCode });
  }

  /** Of its ports the first that somebody calls; the agent asks at no other. */
  function toProbe({ id, ports }: ServiceModel): Probe | null {
    const port = ports.find((own) => system?.edges.some((edge) => edge.callee === id && edge.port === own));
    if (port === undefined) return null;
    const address = encodeURIComponent(dockerWiring.upstream(id, port));
    return async (signal) => {
      const within = AbortSignal.any([signal, AbortSignal.timeout(PROBE_WITHIN_MS)]);
      const answer = await fetch(`${controlUrl}/faultline/probe?address=${address}`, { signal: within });
      return answer.ok && ((await answer.json()) as { open?: boolean }).open === true;
    };
  }

  async function catchUp(): Promise<void> {
    await components?.catchUp();
    const agent = isAgentUp ? (await project.containers()).get(AGENT_SERVICE) : undefined;
    const state = agent && (await engine.getContainer(agent).inspect()).State;
    if (state && !state.Running) onAgentEnd(state.ExitCode);
  }

  return {
    kind: "docker",
    unavailableActions: {},

    async prepare(newModel, signal) {
      closing = new AbortController();
      model = newModel;
      system = null;
      isAgentUp = false;
      events?.close();
      components?.close();
      const removed = await project.remove();
      if (removed > 0) progress(`removed ${removed} containers that an earlier run left`);
      signal.throwIfAborted();
      components = createDockerComponents({ engine, project, services: newModel.services, toProbe, emit });
      try {
        events = await followContainerEvents(engine, project.filters, { onEvent: onContainerEvent, onOpen: catchUp });
      } catch (error) {
        throw toDockerError(error, "the system");
      }
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
      components?.waiting();
      await run("Starting the containers", ["up", "-d", "--no-build", ...newSystem.model.services.map(({ id }) => id)]);
    },

    async act(component, action) {
      if (!components) throw unprepared();
      await components.act(component, action);
    },

    async logs(component, lines) {
      if (!components) throw unprepared();
      return components.logs(component, lines);
    },

    async down() {
      closing.abort(new AppError("conflict", "The system is being stopped."));
      isAgentUp = false;
      await composing;
      components?.ending();
      await project.remove();
      components?.close();
      events?.close();
      events = null;
    },

    onEvent: (listener) => void listeners.push(listener),
    orphans: () => [],
  };
}
