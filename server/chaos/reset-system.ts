import { AppError, toAppError } from "../lib/app-error.ts";
import type { Faults } from "./faults.ts";
import { type HealParts, healEverything } from "./heal-everything.ts";
import type { Policies } from "./policies.ts";
import type { Who } from "./who.ts";

const RESTARTS_AT_ONCE = 4;

export type ResetParts = HealParts & {
  faults: Pick<Faults, "removeAllFromEdges" | "endOn">;
  policies: Pick<Policies, "calm" | "toDefault">;
};

/** As after a start: no faults, the default preset, every component started anew. Refuses with what is left otherwise. */
export async function resetSystem(parts: ResetParts, by: Who): Promise<void> {
  const { faults, policies, act, topology } = parts;
  topology.log({ kind: "system", severity: "info", text: `reset by ${by}` });
  const failures: string[] = [];
  const attempt = (work: Promise<void>) => work.catch((error) => void failures.push(toAppError(error).message));

  await Promise.all([attempt(faults.removeAllFromEdges()), attempt(policies.toDefault(by))]);
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
