import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { commands } from "#contract/commands.ts";
import { type ComponentFaultType, type Fault, LEASE_MS, MAX_FAULTS } from "#contract/faults.ts";
import type { ComponentAction, ComponentState } from "#contract/state.ts";
import { AppError } from "../lib/app-error.ts";
import type { AgentClient } from "../system/agent-client.ts";
import type { RuntimeEvent } from "../system/runtime.ts";
import type { Topology } from "../topology/topology-port.ts";
import { createAgentFaults } from "./agent-faults.ts";
import { checkAttributes, checkTarget, type Targets, toFollowers } from "./check-fault.ts";
import { createComponentLeases } from "./component-leases.ts";
import { describeFault, toSeconds, toTargetName } from "./describe-fault.ts";
import { createFaultBook, type Held } from "./fault-book.ts";
import { isByRuntime, isFlag } from "./fault-kinds.ts";
import type { Who } from "./who.ts";

/*
 * Every fault that holds or is asked for.
 *
 *   add ─▶ pending ─▶ on an edge, or a flag:  the agent confirms   ─▶ active ─▶ the agent expires it and says so
 *                  └▶ kill, stop, pause:      the runtime has done ─▶ active ─▶ our timer starts or unpauses it
 *
 * Nothing is shown as active before the data plane has confirmed it, and nothing is forgotten before it is undone.
 */
export type FaultParts = {
  agent: Pick<AgentClient, "addFault" | "updateFault" | "removeFault" | "removeAllFaults">;
  act(component: string, action: ComponentAction): Promise<void>;
  targets(): Targets;
  topology: Pick<Topology, "setFaults" | "log">;
};
type AddFault = z.output<(typeof commands)["fault:add"]["input"]>;
type UpdateFault = Omit<z.output<(typeof commands)["fault:update"]["input"]>, "id">;

export function createFaults({ agent, act, targets, topology }: FaultParts) {
  const book = createFaultBook(topology);
  const leases = createComponentLeases(book, act);
  const onAgent = createAgentFaults(book, agent, leases);

  /** Refuses a second fault of the same type at the same place, and more than MAX_FAULTS. */
  const checkRoom = ({ target, type }: AddFault) => {
    const name = toTargetName(target);
    const same = book.all().find(({ fault }) => fault.type === type && toTargetName(fault.target) === name);
    if (same && !isByRuntime(type)) {
      throw new AppError("conflict", `${name} already has ${type} (${same.fault.id}); change that one.`);
    }
    // What the runtime does to a component takes the place of what it did before.
    const replaced = "component" in target && isByRuntime(type) ? book.onComponent(target.component).length : 0;
    if (book.all().length - replaced >= MAX_FAULTS) {
      throw new AppError("too_many", `${MAX_FAULTS} faults hold already; remove one first.`);
    }
  };
  const breakComponent = async (entry: Held, component: string, leaseMs: number) => {
    const before = book.onComponent(component).filter((other) => other !== entry);
    await act(component, entry.fault.type as ComponentAction);
    // A component has one such fault at a time: what is killed is no longer paused.
    for (const other of before) book.forget(other);
    if (book.has(entry)) leases.start(entry, leaseMs);
  };

  /** Whom it made end is back, or about to be: it is taken off, or the next message would kill again. */
  const endCrash = async (entry: Held, component: string, why: string): Promise<void> => {
    entry.victims.delete(component);
    entry.leaving = true;
    try {
      await book.inOrder(entry, () => onAgent.remove(entry));
    } catch (error) {
      entry.leaving = false;
      throw error;
    }
    if (book.has(entry)) leases.lapse(entry, why);
  };

  return {
    /** Resolves when the data plane has confirmed the fault. */
    async add(input: AddFault, by: Who): Promise<{ id: string }> {
      const { target, type, rate = 1, leaseMs = LEASE_MS.default, seed = 1 } = input;
      checkTarget(target, type, targets());
      const attributes = checkAttributes(type, input.attributes ?? {});
      if (isByRuntime(type) && rate !== 1) {
        throw new AppError("unsupported", `${type} hits the whole component; leave the rate out.`);
      }
      const followers = isFlag(type) && "component" in target ? toFollowers(target.component, targets()) : undefined;
      checkRoom(input);
      const id = `f-${randomUUID().slice(0, 8)}`;
      const startedAt = Date.now();
      const times = { startedAt, expiresAt: startedAt + leaseMs };
      const fault: Fault = { id, type, target, attributes, rate, state: "pending", ...times, owner: by };
      const entry = book.put(fault, seed, followers);
      try {
        await book.inOrder(entry, () =>
          isByRuntime(type) && "component" in target
            ? breakComponent(entry, target.component, leaseMs)
            : onAgent.set(entry, leaseMs),
        );
      } catch (error) {
        // Active already: only the agent's answer was lost, and its event was not.
        if (entry.fault.state === "pending") book.forget(entry);
        throw error;
      }
      if (book.has(entry)) {
        book.change(entry, { state: "active", ...(isByRuntime(type) && { expiresAt: Date.now() + leaseMs }) });
        book.say(entry, "warning", `${describeFault(entry.fault)} for ${toSeconds(leaseMs)}, by ${by}`);
      }
      return { id };
    },

    /** Attributes merge per field. Takes effect at once. */
    async update(id: string, patch: UpdateFault, by: Who): Promise<void> {
      const entry = book.find(id);
      const { leaseMs } = patch;
      const attributes = checkAttributes(entry.fault.type, { ...entry.fault.attributes, ...patch.attributes });
      await book.inOrder(entry, async () => {
        if (!isByRuntime(entry.fault.type)) {
          await agent.updateFault(id, {
            ...(patch.attributes && { attributes }),
            ...(leaseMs !== undefined && { leaseMs }),
          });
        } else if (leaseMs !== undefined && book.has(entry)) leases.start(entry, leaseMs);
      });
      if (!book.has(entry)) throw new AppError("not_found", `The fault ${id} ended meanwhile.`);
      book.change(entry, { attributes, ...(leaseMs !== undefined && { expiresAt: Date.now() + leaseMs }) });
      book.say(entry, "info", `${describeFault(entry.fault)}, changed by ${by}`);
    },

    async remove(id: string, by: Who): Promise<void> {
      const entry = book.find(id);
      entry.leaving = true;
      try {
        await book.inOrder(entry, async () => {
          if (!isByRuntime(entry.fault.type)) await onAgent.remove(entry);
          if (book.has(entry)) await leases.undo(entry);
        });
      } catch (error) {
        entry.leaving = false;
        throw error;
      }
      if (!book.has(entry)) return;
      book.forget(entry);
      book.say(entry, "good", `${describeFault(entry.fault)} removed by ${by}`);
    },

    /** Components are brought back by who asks for this. */
    removeAllFromAgent: onAgent.removeAll,

    /** Before the component is brought back by command: what it died of is taken off first. */
    async endCrashesOf(component: string, by: Who): Promise<void> {
      for (const entry of book.atAgent()) {
        if (!entry.victims.has(component)) continue;
        try {
          await endCrash(entry, component, `${component} is brought back by ${by}`);
        } catch (error) {
          entry.victims.add(component);
          throw error;
        }
      }
    },

    /** The component is brought back by command, so its faults are over, and their leases with them. */
    endOn(component: string): void {
      for (const entry of book.onComponent(component)) book.forget(entry);
    },

    /** A component that came back without us is no longer down, and one that ended is no longer paused. */
    onRuntimeEvent(event: RuntimeEvent): void {
      if (event.type !== "state") return;
      const { component } = event;
      for (const entry of book.atAgent()) {
        if (entry.fault.type !== "crash_before_ack" || !entry.followers?.includes(component)) continue;
        const isOurs = book.onComponent(component).length > 0;
        if (dead.has(event.state) && !isOurs && !entry.leaving) entry.victims.add(component);
        if (!up.has(event.state) || !entry.victims.delete(component) || entry.leaving) continue;
        // An agent that cannot be told ends it with its lease.
        endCrash(entry, component, `${component} came back`).catch(() => {});
      }
      for (const entry of book.onComponent(component)) {
        const { type, state } = entry.fault;
        // Still pending: what comes up is about to be broken, or taken back by who asked.
        if (endedBy[type as ComponentFaultType].has(event.state) && state === "active" && !entry.leaving) {
          book.forget(entry);
        }
      }
    },

    list: (): Fault[] => book.all().map(({ fault }) => fault),
    onAgentEvent: onAgent.onEvent,
    onAgentLost: onAgent.onLost,
    restore: onAgent.restore,
    close: (): void => book.clear(),
  };
}
export type Faults = ReturnType<typeof createFaults>;

const up: ReadonlySet<ComponentState> = new Set(["starting", "running"]);
const dead: ReadonlySet<ComponentState> = new Set(["killed", "exited"]);
/** The states of a component in which a fault of it can no longer hold, whoever brought them about. */
const endedBy: Record<ComponentFaultType, ReadonlySet<ComponentState>> = {
  kill: up,
  stop: up,
  pause: new Set(["running", "stopped", "killed", "exited"]),
};
