import { AppError, toAppError } from "../lib/app-error.ts";
import { type HealParts, healEverything } from "./heal-everything.ts";
import type { Policies } from "./policies.ts";
import type { Who } from "./who.ts";

const RESTARTS_AT_ONCE = 4;

export type RestartParts = HealParts & { policies: Pick<Policies, "calm" | "toDefault"> };

/** As after a start: no faults, the default preset, every component started anew. Refuses with what is left otherwise. */
export async function restartSystem(parts: RestartParts, by: Who): Promise<void> {
  const { faults, policies, act } = parts;
  const failures: string[] = [];
  const attempt = (work: Promise<void>) => work.catch((error) => void failures.push(toAppError(error).message));

  await Promise.all([attempt(faults.removeAllFromAgent()), attempt(policies.toDefault(by))]);
  const left = parts.states().map(({ id }) => id);
  const restartNext = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      faults.endOn(id);
      await attempt(act(id, "restart"));
    }
  };
  await Promise.all(Array.from({ length: RESTARTS_AT_ONCE }, restartNext));

  const { healed, residue } = await healEverything(parts, by);
  if (!healed) throw new AppError("timed_out", `Not everything is back: ${[...failures, ...residue].join("; ")}.`);
}
