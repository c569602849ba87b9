import type { LogLine } from "#contract/logs.ts";
import type { PolicyFile } from "#contract/policies.ts";
import type { ComponentAction, System as SystemState } from "#contract/state.ts";
import { AppError } from "../lib/app-error.ts";
import { withDeadline } from "../lib/with-deadline.ts";
import { type AgentListeners, createAgentClient } from "../system/agent-client.ts";
import { interpose } from "../system/interpose.ts";
import type { InterposedSystem, SystemModel, Wiring } from "../system/model.ts";
import type { Runtime, RuntimeEvent } from "../system/runtime.ts";
import type { Topology } from "../topology/topology-port.ts";
import { createAgentKeeper } from "./agent-keeper.ts";
import { createFaults, type Faults } from "./faults.ts";
import { type Healing, healEverything } from "./heal-everything.ts";
import { createPolicies, type Policies } from "./policies.ts";
import { resetSystem } from "./reset-system.ts";
import { type SeenComponent, toStatus } from "./system-status.ts";
import { createUserQuiet } from "./user-quiet.ts";
import type { Who } from "./who.ts";

/*
 * The system's life, and what may be done to it meanwhile.
 *
 *   choose runtime ─▶ prepare ─▶ agent, its listeners, policies ─▶ up ─▶ … ─▶ stop
 *   runtime events, agent events ─▶ topology, faults, status
 */
const ACT_LIMIT_MS = 20_000;
/** How long stop() lets a start that is under way notice that it is over. */
const START_END_LIMIT_MS = 3_000;

export type SystemParts = {
  model: SystemModel;
  layout: SystemState["layout"];
  policyFile: PolicyFile | null;
  /** The runtime, and why this one: "no Docker engine answered". */
  chooseRuntime(): Promise<{ runtime: Runtime; why?: string }>;
  topology: Topology;
  onOtlp: AgentListeners["onOtlp"];
  /** Telemetry bodies that the agent had to throw away. */
  onDropped?(frames: number): void;
  /** Every change of status, for the terminal. */
  onProgress?(status: Pick<SystemState, "status" | "message">): void;
};

/** Until the runtime and its agent are there, whatever needs them is refused as `unavailable`. */
export type System = {
  faults: Faults;
  policies: Policies;
  /** Resolves when every component has been told to start; readiness follows as events. */
  start(): Promise<void>;
  /** Ends everything that was started. */
  stop(): Promise<void>;
  revive(component: string, action: "start" | "unpause" | "restart", by: Who): Promise<void>;
  logs(component: string, lines: number): Promise<LogLine[]>;
  heal(by: Who): Promise<Healing>;
  reset(by: Who): Promise<void>;
};

export function createSystem(parts: SystemParts): System {
  const { model, topology } = parts;
  const stopping = new AbortController();
  const seen = new Map<string, SeenComponent>(
    model.services.map(({ id }) => [id, { id, state: "waiting", wasRunning: false }]),
  );
  let runtime: Runtime | null = null;
  let calm = "";
  /** Its names and edges are known from the start; its addresses once the runtime is prepared. */
  let interposed: InterposedSystem = interpose(model, unwired);
  let starting: Promise<void> = Promise.resolve();
  let healing: Promise<Healing> | null = null;
  let resetting: Promise<void> | null = null;

  const chosen = (): Runtime => {
    if (!runtime) throw new AppError("unavailable", "The system is still starting; try again in a moment.");
    return runtime;
  };
  const checkComponent = (component: string) => {
    if (!seen.has(component)) throw new AppError("not_found", `There is no component ${component}.`);
  };
  const act = async (component: string, action: ComponentAction): Promise<void> => {
    checkComponent(component);
    const reason = chosen().unavailableActions[action];
    if (reason !== undefined) throw new AppError("unsupported", `${action} is not possible here: ${reason}`);
    const sentence = `${component} did not ${action} within ${ACT_LIMIT_MS / 1_000} s.`;
    await withDeadline(chosen().act(component, action), ACT_LIMIT_MS, sentence);
  };

  const users = createUserQuiet(() => interposed);
  const agent = createAgentClient({
    onEvent(event) {
      if (event.type === "stats") {
        topology.onEdgeStats(event.at, event.edges);
        users.onStats(event.edges);
      } else if (event.type === "dropped") parts.onDropped?.(event.frames);
      else faults.onAgentEvent(event);
    },
    onOtlp: parts.onOtlp,
    onUp: () => topology.setSystem({ agent: "up" }),
    onDown: () => topology.setSystem({ agent: "down" }),
  });
  const obeys = parts.policyFile?.faults ?? {};
  const faults = createFaults({ agent, act, targets: () => ({ ...interposed, obeys }), topology });
  const policies = createPolicies({
    file: parts.policyFile,
    system: interposed,
    push: (documents) => agent.setPolicies(documents),
    topology,
  });
  const system = () => interposed;
  const keeper = createAgentKeeper({
    agent,
    runtime: chosen,
    system,
    faults,
    policies,
    topology,
    stopping: stopping.signal,
  });
  const healParts = { faults, policies, act, topology, states: () => [...seen.values()] };
  const resetParts = { ...healParts, agent, resets: () => interposed.resets, quietMs: users.quietMs };

  const show = (status: Pick<SystemState, "status" | "message">) => {
    topology.setSystem(status);
    parts.onProgress?.(status);
  };
  const onRuntimeEvent = (event: RuntimeEvent) => {
    if (stopping.signal.aborted) return;
    topology.onRuntimeEvent(event);
    faults.onRuntimeEvent(event);
    if (event.type === "agent-exit") void keeper.onExit();
    if (event.type === "progress") show({ status: "preparing", message: event.text });
    if (event.type !== "state") return;
    const { component: id, state, detail } = event;
    const before = seen.get(id);
    if (!before) return;
    seen.set(id, { id, state, wasRunning: before.wasRunning || state === "running", ...(detail && { detail }) });
    show(toStatus([...seen.values()], calm));
    if (state === "starting" || state === "running") keeper.onStarted();
  };

  const startAll = async () => {
    const { runtime: choice, why } = await parts.chooseRuntime();
    stopping.signal.throwIfAborted();
    runtime = choice;
    calm = toCalm(choice, why, model.services.length);
    topology.setSystem({ runtime: choice.kind, unavailableActions: choice.unavailableActions });
    choice.onEvent(onRuntimeEvent);
    interposed = interpose(model, await choice.prepare(model, stopping.signal));
    stopping.signal.throwIfAborted();
    topology.load(interposed);
    topology.setSystem({ agent: "starting" });
    show({ status: "starting", message: "starting the agent" });
    await keeper.start();
    stopping.signal.throwIfAborted();
    await choice.up(interposed);
  };

  topology.load(interposed);
  topology.setSystem({ name: model.name, layout: parts.layout, status: "preparing", message: "getting ready" });

  return {
    faults,
    policies,
    start() {
      starting = startAll();
      return starting;
    },
    async stop() {
      topology.setSystem({ status: "stopping", message: "stopping" });
      stopping.abort();
      faults.close();
      keeper.close();
      await runtime?.down();
      // A start under way may have made something more; down() is safe to call again.
      const ended = starting.catch(() => {});
      await withDeadline(ended, START_END_LIMIT_MS, "The start did not end.").catch(() => {});
      await runtime?.down();
    },
    heal(by) {
      healing ??= healEverything(healParts, by).finally(() => {
        healing = null;
      });
      return healing;
    },
    reset(by) {
      resetting ??= resetSystem(resetParts, by).finally(() => {
        resetting = null;
      });
      return resetting;
    },

    async logs(component, lines) {
      checkComponent(component);
      const sentence = `The output of ${component} could not be read in time.`;
      return await withDeadline(chosen().logs(component, lines), ACT_LIMIT_MS, sentence);
    },

    async revive(component, action, by) {
      checkComponent(component);
      await faults.endCrashesOf(component, by);
      await act(component, action);
      faults.endOn(component);
      const done = { start: "started", unpause: "unpaused", restart: "restarted" }[action];
      topology.log({ kind: "component", severity: "good", component, text: `${component} ${done} by ${by}` });
    },
  };
}

function toCalm(runtime: Runtime, why: string | undefined, components: number): string {
  const where = runtime.kind === "docker" ? "Docker" : "local processes";
  return `${where}${why ? ` (${why})` : ""}, ${components} components`;
}

/** Nowhere yet: enough to know the system's edges before its runtime is ready. */
const unwired: Wiring = {
  edgeListen: () => ({ bind: "127.0.0.1:0", address: "127.0.0.1:0" }),
  upstream: (service, port) => `${service}:${port}`,
  bindPort: (_service, port) => port,
  intakeUrl: "http://127.0.0.1:0",
};
