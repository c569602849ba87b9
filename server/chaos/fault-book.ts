import type { Fault } from "#contract/faults.ts";
import type { LogEntry } from "#contract/state.ts";
import { AppError } from "../lib/app-error.ts";
import type { Topology } from "../topology/topology-port.ts";
import { isByRuntime } from "./fault-kinds.ts";

/** One fault that holds or is asked for. */
export type Held = {
  fault: Fault;
  seed: number;
  /** Ends what the runtime has done; the agent keeps the time of all others. */
  lease?: NodeJS.Timeout;
  /** A flag's: those who were told of it. */
  followers?: string[];
  /** Those who ended because of it, and are not back yet. */
  victims: Set<string>;
  /** Orders sent to the data plane for this fault follow each other. */
  orders: Promise<unknown>;
  /** Being ended by us, so that its confirmation by agent or runtime is no news. */
  leaving?: boolean;
};

/**
 * Every fault that holds, shown whenever it changes. Bounded by its writers: at most MAX_FAULTS of our own, and what the
 * agent admits of others'.
 */
export function createFaultBook(topology: Pick<Topology, "setFaults" | "log">) {
  const held = new Map<string, Held>();
  const show = () => topology.setFaults([...held.values()].map(({ fault }) => fault));

  return {
    all: (): Held[] => [...held.values()],
    get: (id: string): Held | undefined => held.get(id),
    /** Whether this very entry still holds; it may have ended while something was awaited. */
    has: (entry: Held): boolean => held.get(entry.fault.id) === entry,
    find(id: string): Held {
      const found = held.get(id);
      if (!found) throw new AppError("not_found", `There is no fault ${id}; it may have ended.`);
      return found;
    },
    /** What the runtime did to it. */
    onComponent: (component: string): Held[] =>
      [...held.values()].filter(
        ({ fault: { type, target } }) => isByRuntime(type) && "component" in target && target.component === component,
      ),
    /** What the agent holds. */
    atAgent: (): Held[] => [...held.values()].filter(({ fault }) => !isByRuntime(fault.type)),

    put(fault: Fault, seed: number, followers?: string[]): Held {
      const entry: Held = {
        fault,
        seed,
        ...(followers && { followers }),
        victims: new Set(),
        orders: Promise.resolve(),
      };
      held.set(fault.id, entry);
      show();
      return entry;
    },
    change(entry: Held, patch: Partial<Fault>): void {
      entry.fault = { ...entry.fault, ...patch };
      show();
    },
    forget(entry: Held): void {
      clearTimeout(entry.lease);
      if (held.get(entry.fault.id) === entry) held.delete(entry.fault.id);
      show();
    },
    clear(): void {
      for (const { lease } of held.values()) clearTimeout(lease);
      held.clear();
    },
    say({ fault }: Held, severity: LogEntry["severity"], text: string): void {
      const where = "edge" in fault.target ? { edge: fault.target.edge } : { component: fault.target.component };
      topology.log({ kind: "fault", severity, text, ...where });
    },
    inOrder<T>(entry: Held, order: () => Promise<T>): Promise<T> {
      const next = entry.orders.then(order);
      entry.orders = next.catch(() => {});
      return next;
    },
  };
}
export type FaultBook = ReturnType<typeof createFaultBook>;
