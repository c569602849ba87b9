import type { AgentEvent, AgentFaultState } from "#contract/agent-api.ts";
import { type Fault, LEASE_MS } from "#contract/faults.ts";
import { AppError, toAppError } from "../lib/app-error.ts";
import type { AgentClient } from "../system/agent-client.ts";
import type { ComponentLeases } from "./component-leases.ts";
import { describeFault } from "./describe-fault.ts";
import type { FaultBook, Held } from "./fault-book.ts";
import { isByRuntime, isFlag } from "./fault-kinds.ts";
import { EXTERNAL_OWNER } from "./who.ts";

const endings = { asked: "removed outside", expired: "its lease ran out", dead_man: "the dashboard was not heard" };

/** The faults that the agent keeps, on edges and as flags: what it holds is the truth, and the book follows it. */
export function createAgentFaults(
  book: FaultBook,
  agent: Pick<AgentClient, "addFault" | "removeFault" | "removeAllFaults">,
  leases: Pick<ComponentLeases, "lapse">,
) {
  let instance: string | null = null;
  /** The agent has ended, and the next one has not been given its faults yet. */
  let lost = false;

  /** Our own with the agent's exact times, others' as external. */
  const adopt = (told: AgentFaultState) => {
    const { id, type, attributes, rate, startedAt, expiresAt, seed } = told;
    const known = book.get(id);
    const held = { attributes, rate, startedAt, expiresAt, state: "active" } as const;
    if (known) {
      book.change(known, held);
      return;
    }
    const target = "edge" in told ? { edge: told.edge } : { component: told.component };
    const fault: Fault = { id, type, target, ...held, owner: EXTERNAL_OWNER };
    const followers = "edge" in told ? undefined : told.components;
    book.say(book.put(fault, seed, followers), "warning", `${describeFault(fault)}, set on the agent directly`);
  };
  const end = (entry: Held, why: string) => {
    if (entry.victims.size > 0) return leases.lapse(entry, why);
    book.say(entry, "good", `${describeFault(entry.fault)} ended: ${why}`);
    book.forget(entry);
  };
  const onHello = (hello: AgentEvent & { type: "hello" }) => {
    const isNew = instance !== null && instance !== hello.instance;
    instance = hello.instance;
    for (const fault of hello.faults) adopt(fault);
    // The same agent after a break in the line: what it no longer holds is over. A new one is told by restore().
    if (isNew) return;
    const holds = new Set(hello.faults.map(({ id }) => id));
    for (const entry of book.atAgent()) {
      const { id, state } = entry.fault;
      if (state === "active" && !entry.leaving && !holds.has(id)) end(entry, "the agent holds it no more");
    }
  };

  const remove = async ({ fault: { id } }: Held): Promise<void> => {
    await agent.removeFault(id).catch((error) => {
      // Gone already is gone.
      if (toAppError(error).code !== "not_found" && !lost) throw error;
    });
  };
  /** Resolves when it is in force: on open and new connections, or told to those who obey. */
  const set = async (entry: Held, leaseMs: number): Promise<void> => {
    const { fault, seed, followers } = entry;
    const { id, type, target, attributes, rate } = fault;
    const common = { id, attributes, rate, leaseMs, seed };
    if ("component" in target) {
      if (!isFlag(type)) return;
      await agent.addFault({
        ...common,
        type,
        component: target.component,
        components: followers ?? [target.component],
      });
    } else {
      if (isFlag(type) || isByRuntime(type)) return;
      await agent.addFault({ ...common, type, edge: target.edge, stream: "downstream" });
    }
    // Healed while it was on its way.
    if (!book.has(entry)) await remove(entry);
  };

  return {
    set,
    remove,
    /** Every one, whoever set it. An agent that has ended holds none, and the next one is given none of these. */
    async removeAll(): Promise<void> {
      const all = book.atAgent();
      for (const entry of all) entry.leaving = true;
      try {
        await agent.removeAllFaults().catch((error) => {
          if (!lost) throw error;
        });
        for (const entry of all) book.forget(entry);
      } finally {
        for (const entry of all) entry.leaving = false;
      }
    },
    onEvent(event: AgentEvent): void {
      if (event.type === "hello") onHello(event);
      if (event.type !== "fault") return;
      if (event.state === "active") {
        adopt(event.fault);
        return;
      }
      const entry = book.get(event.id);
      if (entry && !entry.leaving) end(entry, endings[event.cause]);
    },
    /** The agent is gone, and its faults with it: they are pending again until restore() has put them back. */
    onLost(): void {
      lost = true;
      for (const entry of book.atAgent()) book.change(entry, { state: "pending" });
    },
    /** Gives a newly started agent the faults whose leases still run, for the rest of their time. */
    async restore(): Promise<void> {
      lost = false;
      for (const entry of book.atAgent()) {
        if (!book.has(entry)) continue;
        const leftMs = entry.fault.expiresAt - Date.now();
        try {
          if (leftMs < LEASE_MS.min) throw new AppError("timed_out", "its lease ran out with the agent");
          await book.inOrder(entry, () => set(entry, leftMs));
          if (book.has(entry)) book.change(entry, { state: "active" });
        } catch (error) {
          if (book.has(entry)) end(entry, toAppError(error).message);
        }
      }
    },
  };
}
