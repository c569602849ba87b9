import type { ComponentFaultType } from "#contract/faults.ts";
import type { ComponentAction } from "#contract/state.ts";
import { toAppError } from "../lib/app-error.ts";
import { describeFault } from "./describe-fault.ts";
import type { FaultBook, Held } from "./fault-book.ts";
import { isByRuntime } from "./fault-kinds.ts";

/** A component that cannot be brought back when its lease ends is tried again so often, waiting twice as long each time. */
export const REVIVE_TRIES = 6;
const REVIVE_WAIT_MS = 1_000;

const undoing = { kill: "start", stop: "start", pause: "unpause" } as const satisfies Record<
  ComponentFaultType,
  ComponentAction
>;

type Act = (component: string, action: ComponentAction) => Promise<void>;

/** What ends a fault that has a component down: its time, or somebody who takes it off. */
export function createComponentLeases(book: FaultBook, act: Act) {
  const undo = async ({ fault: { type, target }, victims }: Held): Promise<void> => {
    if (isByRuntime(type) && "component" in target) await act(target.component, undoing[type]);
    // Who is up again has left them meanwhile.
    else await Promise.all([...victims].map((component) => act(component, "start")));
  };
  const lapse = async (entry: Held, why: string, tries = 0): Promise<void> => {
    // Its coming back is our doing, and said below.
    entry.leaving = true;
    try {
      await book.inOrder(entry, async () => {
        if (book.has(entry)) await undo(entry);
      });
      if (!book.has(entry)) return;
      book.say(entry, "good", `${describeFault(entry.fault)} ended: ${why}`);
      book.forget(entry);
    } catch (error) {
      entry.leaving = false;
      if (!book.has(entry)) return;
      if (tries + 1 < REVIVE_TRIES) {
        entry.lease = setTimeout(() => void lapse(entry, why, tries + 1), REVIVE_WAIT_MS * 2 ** tries);
        return;
      }
      book.say(entry, "bad", `${describeFault(entry.fault)} could not be undone: ${toAppError(error).message}`);
      book.forget(entry);
    }
  };
  return {
    undo,
    /** It is over, so whoever it has down is brought back, and then it is forgotten. */
    lapse: (entry: Held, why: string): void => void lapse(entry, why),
    start(entry: Held, leaseMs: number): void {
      clearTimeout(entry.lease);
      entry.lease = setTimeout(() => void lapse(entry, "its lease ran out"), leaseMs);
    },
  };
}
export type ComponentLeases = ReturnType<typeof createComponentLeases>;
