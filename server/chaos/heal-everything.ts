import { wait } from "../lib/wait.ts";
import type { Topology } from "../topology/topology-port.ts";
import { type BringBackParts, bringBack, LOOK_EVERY_MS } from "./bring-back.ts";
import { findResidue } from "./find-residue.ts";
import type { Policies } from "./policies.ts";
import type { Who } from "./who.ts";

/*
 * One key: every fault off, everything that is down brought back, forced breakers and load as they were; then the proof.
 */
/** An open breaker waits 6 s and probes, and the users' view looks 10 s back: a good end may take so long to show. */
export const PROOF_LIMIT_MS = 30_000;

export type HealParts = BringBackParts & {
  policies: Pick<Policies, "calm">;
  topology: Pick<Topology, "snapshot" | "log">;
};
export type Healing = { healed: boolean; residue: string[] };

export async function healEverything(parts: HealParts, by: Who): Promise<Healing> {
  const { policies, topology } = parts;
  topology.log({ kind: "heal", severity: "info", text: `healing everything, asked by ${by}` });
  const calm = { name: "breakers and load could not be restored", work: () => policies.calm() };
  const failures = await bringBack(parts, [calm]);

  // The picture is a moment older than what was just done, so even the first look comes after a wait.
  let residue: string[];
  const giveUpAt = Date.now() + PROOF_LIMIT_MS;
  do {
    await wait(LOOK_EVERY_MS);
    residue = findResidue(topology.snapshot());
  } while (residue.length > 0 && Date.now() < giveUpAt);
  // A step that failed and left nothing behind has been made good meanwhile.
  if (residue.length > 0) residue = [...failures, ...residue];
  const healed = residue.length === 0;
  topology.log(
    healed
      ? { kind: "heal", severity: "good", text: "everything is healed" }
      : { kind: "heal", severity: "bad", text: `not everything is healed: ${residue.join("; ")}` },
  );
  return { healed, residue };
}
