import { setTimeout as wait } from "node:timers/promises";
import type { PolicyFile } from "#contract/policies.ts";
import type { ComponentAction, System as SystemState } from "#contract/state.ts";
import { AppError, toAppError } from "../lib/app-error.ts";
import { withDeadline } from "../lib/with-deadline.ts";
import { type AgentClient, type AgentListeners, createAgentClient } from "../system/agent-client.ts";
import { interpose } from "../system/interpose.ts";
import type { InterposedSystem, SystemModel, Wiring } from "../system/model.ts";
import type { LogLine, Runtime, RuntimeEvent } from "../system/runtime.ts";
import type { Topology } from "../topology/topology-port.ts";
import { createFaults, type Faults } from "./faults.ts";
import { type Healing, healEverything } from "./heal-everything.ts";
import { createPolicies, type Policies } from "./policies.ts";
import { type SeenComponent, toStatus } from "./system-status.ts";
import type { Who } from "./who.ts";

/*
 * The system's life, and what may be done to it meanwhile.
 *
 *   choose runtime ─▶ prepare ─▶ agent ─▶ its listeners ─▶ policies ─▶ up ─▶ … ─▶ stop
 *   runtime events, agent events ─▶ topology, faults, status
 *   agent exits ─▶ started again ─▶ listeners, policies and the faults whose leases still run are put back
 */
const ACT_LIMIT_MS = 20_000;
/** Without a dashboard for so long, the agent ends processes that nobody else would end. */
const ORPHANS_AFTER_MS = 10 * 60_000;
/** Starts come in bursts; the agent is told once. */
const ORPHANS_WAIT_MS = 300;
const AGENT_RETRY_MS = { first: 250, max: 5_000 } as const;
const RESTARTS_AT_ONCE = 4;

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
  connectAgent?: (listeners: AgentListeners) => AgentClient;
};

export type System = {
  /** Resolves when every component has been told to start; readiness follows as events. */
  start(): Promise<void>;
  /** Ends everything that was started. */
  stop(): Promise<void>;
  /** Both throw `unavailable` until the agent is up for the first time. */
  faults(): Faults;
  policies(): Policies;
  revive(component: string, action: "start" | "unpause" | "restart", by: Who): Promise<void>;
  logs(component: string, lines: number): Promise<LogLine[]>;
  heal(by: Who): Promise<Healing>;
  reset(by: Who): Promise<void>;
};

export function createSystem(parts: SystemParts): System {
  const { model, topology } = parts;
  const connectAgent = parts.connectAgent ?? createAgentClient;
  const stopping = new AbortController();
  const seen = new Map<string, SeenComponent>(
    model.services.map(({ id }) => [id, { id, state: "waiting", wasRunning: false }]),
  );
  let runtime: Runtime | null = null;
  let calm = "";
  /** Wired with the runtime's real addresses once it is prepared; its names and edges are known from the start. */
  let interposed: InterposedSystem = interpose(model, unwired);
  let ready: { faults: Faults; policies: Policies; agent: AgentClient } | null = null;
  let restoring = false;
  let orphansTimer: NodeJS.Timeout | undefined;
  let healing: Promise<Healing> | null = null;

  topology.load(interposed);
  topology.setSystem({ name: model.name, layout: parts.layout, status: "preparing", message: "getting ready" });

  const chosen = (): Runtime => {
    if (!runtime) throw notYet();
    return runtime;
  };
  const act = async (component: string, action: ComponentAction): Promise<void> => {
    if (!seen.has(component)) throw new AppError("not_found", `There is no component ${component}.`);
    const reason = chosen().unavailableActions[action];
    if (reason !== undefined) throw new AppError("unsupported", `${action} is not possible here: ${reason}`);
    const sentence = `${component} did not ${action} within ${ACT_LIMIT_MS / 1_000} s.`;
    await withDeadline(chosen().act(component, action), ACT_LIMIT_MS, sentence);
  };
  const show = (status: Pick<SystemState, "status" | "message">) => {
    topology.setSystem(status);
    parts.onProgress?.(status);
  };

  const tellOrphans = async () => {
    const processes = chosen().orphans();
    if (processes.length > 0) await ready?.agent.setOrphans({ afterMs: ORPHANS_AFTER_MS, processes });
  };
  const tellOrphansSoon = () => {
    clearTimeout(orphansTimer);
    // Told again with the next start, and when the agent is back.
    orphansTimer = setTimeout(() => void tellOrphans().catch(() => {}), ORPHANS_WAIT_MS);
  };

  const onRuntimeEvent = (event: RuntimeEvent) => {
    if (stopping.signal.aborted) return;
    topology.onRuntimeEvent(event);
    ready?.faults.onRuntimeEvent(event);
    if (event.type === "agent-exit") return void restoreAgent();
    if (event.type === "progress") {
      show({ status: "preparing", message: event.text });
    }
    if (event.type !== "state") return;
    const before = seen.get(event.component);
    if (!before) return;
    const { component: id, state, detail } = event;
    seen.set(id, { id, state, wasRunning: before.wasRunning || state === "running", ...(detail && { detail }) });
    show(toStatus([...seen.values()], calm));
    if (state === "starting" || state === "running") tellOrphansSoon();
  };

  const listeners: AgentListeners = {
    onEvent(event) {
      if (event.type === "stats") topology.onEdgeStats(event.at, event.edges);
      else if (event.type === "dropped") parts.onDropped?.(event.frames);
      else ready?.faults.onAgentEvent(event);
    },
    onOtlp: parts.onOtlp,
    onUp: () => topology.setSystem({ agent: "up" }),
    onDown: () => topology.setSystem({ agent: "down" }),
  };

  /** Starts the agent and gives it all that it needs before a component may call through it. */
  const startAgent = async () => {
    const { controlUrl } = await chosen().startAgent();
    const agent = ready?.agent ?? connectAgent(listeners);
    ready ??= {
      agent,
      faults: createFaults({ agent, act, targets: () => interposed, topology }),
      policies: createPolicies({
        file: parts.policyFile,
        system: interposed,
        push: (documents) => agent.setPolicies(documents),
        topology,
      }),
    };
    agent.open(controlUrl);
    const edges = interposed.edges.map(({ id, listen, upstream, protocol }) => ({ id, listen, upstream, protocol }));
    const answer = await agent.putEdges(edges);
    const refused = (answer?.edges ?? []).flatMap(({ id, error }) =>
      error ? [`No listener for ${id}: ${error}.`] : [],
    );
    await ready.policies.resend();
    topology.setSystem({ warnings: [...interposed.warnings, ...ready.policies.warnings(), ...refused] });
  };

  const restoreAgent = async () => {
    if (!ready || restoring) return;
    restoring = true;
    topology.setSystem({ agent: "down" });
    topology.log({ kind: "agent", severity: "bad", text: "the agent ended; it is started again" });
    ready.faults.onAgentLost();
    for (let waitMs: number = AGENT_RETRY_MS.first; !stopping.signal.aborted; ) {
      try {
        await startAgent();
        await tellOrphans();
        await ready.faults.restore();
        topology.log({ kind: "agent", severity: "good", text: "the agent is back, with its listeners and faults" });
        break;
      } catch {
        await wait(waitMs, undefined, { signal: stopping.signal }).catch(() => {});
        waitMs = Math.min(waitMs * 2, AGENT_RETRY_MS.max);
      }
    }
    restoring = false;
  };

  const whenReady = () => {
    if (!ready) throw notYet();
    return ready;
  };
  const heal = (by: Who): Promise<Healing> => {
    const { faults, policies } = whenReady();
    healing ??= healEverything({ faults, policies, act, topology }, by).finally(() => {
      healing = null;
    });
    return healing;
  };

  return {
    async start() {
      const { runtime: choice, why } = await parts.chooseRuntime();
      stopping.signal.throwIfAborted();
      runtime = choice;
      calm = toCalm(choice, why, model.services.length);
      topology.setSystem({ runtime: choice.kind, unavailableActions: choice.unavailableActions });
      choice.onEvent(onRuntimeEvent);
      interposed = interpose(model, await choice.prepare(model, stopping.signal));
      stopping.signal.throwIfAborted();
      topology.load(interposed);
      topology.setSystem({ warnings: interposed.warnings, agent: "starting", status: "starting", message: "starting" });
      await startAgent();
      stopping.signal.throwIfAborted();
      await choice.up(interposed);
      tellOrphansSoon();
    },
    async stop() {
      if (!stopping.signal.aborted) topology.setSystem({ status: "stopping", message: "stopping" });
      stopping.abort();
      clearTimeout(orphansTimer);
      ready?.faults.close();
      ready?.agent.close();
      await runtime?.down();
    },
    faults: () => whenReady().faults,
    policies: () => whenReady().policies,
    heal,
    async logs(component, lines) {
      if (!seen.has(component)) throw new AppError("not_found", `There is no component ${component}.`);
      return await withDeadline(
        chosen().logs(component, lines),
        ACT_LIMIT_MS,
        `${component}'s output could not be read.`,
      );
    },

    async revive(component, action, by) {
      await act(component, action);
      ready?.faults.endOn(component);
      const done = { start: "started", unpause: "unpaused", restart: "restarted" }[action];
      topology.log({ kind: "component", severity: "good", component, text: `${component} ${done} by ${by}` });
    },

    async reset(by) {
      const { faults, policies } = whenReady();
      topology.log({ kind: "system", severity: "info", text: `reset by ${by}` });
      const left = [...seen.keys()];
      const failures: string[] = [];
      const restartNext = async (): Promise<void> => {
        for (let id = left.shift(); id !== undefined; id = left.shift()) {
          faults.endOn(id);
          await act(id, "restart").catch((error) => failures.push(toAppError(error).message));
        }
      };
      await faults.removeAllFromEdges().catch((error) => failures.push(toAppError(error).message));
      await policies.toDefault(by).catch((error) => failures.push(toAppError(error).message));
      await Promise.all(Array.from({ length: RESTARTS_AT_ONCE }, restartNext));
      const { healed, residue } = await heal(by);
      if (!healed) throw new AppError("timed_out", `Not everything is back: ${[...failures, ...residue].join("; ")}.`);
    },
  };
}

function toCalm(runtime: Runtime, why: string | undefined, components: number): string {
  const where = runtime.kind === "docker" ? "Docker" : "local processes";
  return `${where}${why ? ` (${why})` : ""}, ${components} components`;
}

function notYet(): AppError {
  return new AppError("unavailable", "The system is still starting; try again in a moment.");
}

/** Nowhere yet: enough to know the system's edges before its runtime is ready. */
const unwired: Wiring = {
  edgeListen: () => ({ bind: "127.0.0.1:0", address: "127.0.0.1:0" }),
  upstream: (service, port) => `${service}:${port}`,
  bindPort: (_service, port) => port,
  intakeUrl: "http://127.0.0.1:0",
};
