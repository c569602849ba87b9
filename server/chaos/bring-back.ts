import type { ComponentAction, ComponentState } from "#contract/state.ts";
import { toAppError } from "../lib/app-error.ts";
import { wait } from "../lib/wait.ts";
import { withDeadline } from "../lib/with-deadline.ts";
import type { Faults } from "./faults.ts";

/** Each step has this long, and none waits for another's success, so it works while anything hangs. */
export const STEP_LIMIT_MS = 8_000;
export const LOOK_EVERY_MS = 200;

export type BringBackParts = {
  faults: Pick<Faults, "removeAllFromAgent" | "endOn">;
  act(component: string, action: ComponentAction): Promise<void>;
  /** What the runtime said last; the picture may be a moment older. */
  states(): { id: string; state: ComponentState }[];
};
type Step = { name: string; work(): Promise<void> };

const bringsBack: Partial<Record<ComponentState, ComponentAction>> = {
  paused: "unpause",
  stopped: "start",
  killed: "start",
  exited: "start",
};

/** Every fault off, everything that is down told to come back, and `others` beside it. Resolves with what failed, a sentence each. */
export async function bringBack({ faults, act, states }: BringBackParts, others: Step[]): Promise<string[]> {
  const failures: string[] = [];
  const step = async ({ name, work }: Step) => {
    try {
      await withDeadline(work(), STEP_LIMIT_MS, `no answer within ${STEP_LIMIT_MS / 1_000} s`);
    } catch (error) {
      failures.push(`${name}: ${toAppError(error).message}`);
    }
  };
  const stateOf = (id: string) => states().find((component) => component.id === id)?.state;
  const revive = async (id: string) => {
    // What is just stopping can be started once it has stopped.
    const until = Date.now() + STEP_LIMIT_MS;
    while (stateOf(id) === "stopping" && Date.now() < until) await wait(LOOK_EVERY_MS);
    const action = bringsBack[stateOf(id) ?? "running"];
    if (!action) return faults.endOn(id);
    const work = async () => {
      await act(id, action);
      faults.endOn(id);
    };
    await step({ name: `${id} does not ${action}`, work });
  };
  const removeFaults = () => faults.removeAllFromAgent();
  await Promise.all([
    step({ name: "the agent's faults could not be removed", work: removeFaults }),
    ...others.map(step),
    ...states().map(({ id }) => revive(id)),
  ]);
  return failures;
}
