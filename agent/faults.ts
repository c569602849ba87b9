import type { z } from "zod";
import type { AgentEdgeFault, AgentEvent, AgentFault, AgentFaultState, agentFaultUpdate } from "#contract/agent-api.ts";
import {
  DEAD_MAN_MS,
  type FlagFault,
  type FlagFaultType,
  flagFaultAttributes,
  type HttpFaultType,
  httpFaultAttributes,
  type ToxicType,
} from "#contract/faults.ts";
import { AgentError } from "./agent-error.ts";
import type { Edges } from "./edges.ts";
import { httpFaults } from "./http-faults/registry.ts";
import { createInOrder } from "./in-order.ts";
import type { Policies } from "./policies.ts";
import { toxics } from "./toxics/registry.ts";

/*
 * Every fault that holds, and what ends it. Each change is told once it is in force.
 *
 *   asked ────────────────────────┐
 *   its lease ── expired ─────────┼──▶ edge, or the policies of the components that a flag is for ──▶ event
 *   no heartbeat ── dead_man ─────┘
 */
export type Faults = {
  add(fault: AgentFault): Promise<AgentFaultState>;
  /** Attributes merge; a lease begins anew. */
  update(id: string, update: z.infer<typeof agentFaultUpdate>): Promise<AgentFaultState>;
  remove(id: string): Promise<void>;
  removeAll(): Promise<void>;
  /** Removes the faults whose edge is gone. */
  sweep(): Promise<void>;
  heartbeat(): void;
  list(): AgentFaultState[];
  close(): void;
};

type FaultEvent = Extract<AgentEvent, { type: "fault" }>;
type Held = { state: AgentFaultState; lease?: NodeJS.Timeout };

/** How many the agent keeps; how many the product allows at once is the dashboard's to say. */
const LIMIT = 100;

export function createFaults(
  edges: Edges,
  policies: Pick<Policies, "setFlags">,
  tell: (event: FaultEvent) => void,
): Faults {
  const held = new Map<string, Held>();
  const inOrder = createInOrder();
  let deadMan: NodeJS.Timeout | undefined;

  function get(id: string): Held {
    const fault = held.get(id);
    if (!fault) throw new AgentError("not_found", `No fault ${id} holds; it may have expired.`);
    return fault;
  }

  function say(state: FaultEvent["state"], cause: FaultEvent["cause"], fault: AgentFaultState): AgentFaultState {
    tell({ type: "fault", at: Date.now(), id: fault.id, state, cause, fault });
    return fault;
  }

  /** All flags that hold, to the policies of those they are for. */
  function showFlags(): void {
    const flags = new Map<string, FlagFault[]>();
    for (const { state } of held.values()) {
      if (!("components" in state)) continue;
      const { id, type, attributes, rate } = state;
      for (const name of state.components)
        flags.set(name, [...(flags.get(name) ?? []), { id, type, attributes, rate }]);
    }
    policies.setFlags(flags);
  }

  async function place(fault: AgentEdgeFault, settings: AgentFault["attributes"]): Promise<void> {
    const { id, type, stream, rate, seed } = fault;
    const edge = edges.get(fault.edge);
    if (!edge) throw new AgentError("not_found", `No edge ${fault.edge} is listened on.`);
    if (isHttpFault(type)) {
      const { protocol } = edge.edge;
      if (protocol !== "http") {
        throw new AgentError("unsupported", `${type} acts on HTTP requests, and ${fault.edge} speaks ${protocol}.`);
      }
      return await edge.place({ id, httpFault: httpFaults[type], settings, rate, seed });
    }
    const toxic = toxics[type];
    if (toxic.acts === "on_listener" && rate !== 1) {
      throw new AgentError("unsupported", `${type} takes the whole edge; its rate can only be 1.`);
    }
    await edge.place({ id, toxic, settings, stream, rate, seed });
  }

  function startLease(fault: Held): void {
    clearTimeout(fault.lease);
    const waitMs = fault.state.expiresAt - Date.now();
    fault.lease = setTimeout(() => {
      void inOrder(async () => {
        if (held.get(fault.state.id) !== fault) return;
        // The lease may have been renewed meanwhile, or the timer have come a little early.
        if (Date.now() < fault.state.expiresAt) startLease(fault);
        else await drop(fault, "expired");
      });
    }, waitMs);
  }

  async function drop(fault: Held, cause: FaultEvent["cause"]): Promise<void> {
    clearTimeout(fault.lease);
    held.delete(fault.state.id);
    if ("edge" in fault.state) await edges.get(fault.state.edge)?.remove(fault.state.id);
    else showFlags();
    say("removed", cause, fault.state);
  }

  async function dropAll(cause: FaultEvent["cause"]): Promise<void> {
    for (const fault of [...held.values()]) await drop(fault, cause);
  }

  function heartbeat(): void {
    clearTimeout(deadMan);
    if (held.size > 0) deadMan = setTimeout(() => void inOrder(() => dropAll("dead_man")), DEAD_MAN_MS);
  }

  return {
    add: (fault) =>
      inOrder(async () => {
        if (held.has(fault.id)) throw new AgentError("conflict", `A fault ${fault.id} holds already.`);
        if (held.size >= LIMIT) throw new AgentError("too_many", `${LIMIT} faults hold; remove one first.`);
        const settings = checkAttributes(fault.type, fault.attributes);
        const startedAt = Date.now();
        const state = { ...fault, attributes: settings, startedAt, expiresAt: startedAt + fault.leaseMs };
        if ("edge" in fault) await place(fault, settings);
        const added: Held = { state };
        held.set(fault.id, added);
        if (!("edge" in fault)) showFlags();
        startLease(added);
        // Whoever asks for a fault is alive.
        heartbeat();
        return say("active", "asked", state);
      }),
    update: (id, { attributes, leaseMs }) =>
      inOrder(() => {
        const fault = get(id);
        const settings = checkAttributes(fault.state.type, { ...fault.state.attributes, ...attributes });
        if (attributes && "edge" in fault.state) edges.get(fault.state.edge)?.change(id, settings);
        const expiresAt = leaseMs === undefined ? fault.state.expiresAt : Date.now() + leaseMs;
        fault.state = { ...fault.state, attributes: settings, expiresAt, leaseMs: leaseMs ?? fault.state.leaseMs };
        if (attributes && !("edge" in fault.state)) showFlags();
        startLease(fault);
        return say("active", "asked", fault.state);
      }),
    remove: (id) => inOrder(() => drop(get(id), "asked")),
    removeAll: () => inOrder(() => dropAll("asked")),
    sweep: () =>
      inOrder(async () => {
        for (const fault of [...held.values()]) {
          if ("edge" in fault.state && !edges.get(fault.state.edge)) await drop(fault, "asked");
        }
      }),
    heartbeat,
    list: () => [...held.values()].map(({ state }) => state),
    close() {
      clearTimeout(deadMan);
      for (const { lease } of held.values()) clearTimeout(lease);
      held.clear();
    },
  };
}

function isHttpFault(type: AgentEdgeFault["type"]): type is HttpFaultType {
  return Object.hasOwn(httpFaults, type);
}

function toSettings(type: AgentFault["type"]): z.ZodType {
  if (type in flagFaultAttributes) return flagFaultAttributes[type as FlagFaultType];
  if (type in httpFaultAttributes) return httpFaultAttributes[type as HttpFaultType];
  return toxics[type as ToxicType].settings;
}

function checkAttributes(type: AgentFault["type"], attributes: AgentFault["attributes"]): AgentFault["attributes"] {
  const checked = toSettings(type).safeParse(attributes);
  if (checked.success) return checked.data as AgentFault["attributes"];
  const [issue] = checked.error.issues;
  throw new AgentError("bad_request", `${type}: ${issue?.path.join(".") || "attributes"}: ${issue?.message}`);
}
