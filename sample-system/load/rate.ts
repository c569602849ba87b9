import { z } from "zod";
import { findFlag } from "../kit/policies/flags.ts";
import type { Policies } from "../kit/policies/policies.ts";

const DEFAULT_RATE = 20;
const burst = z.object({ factor: z.number().min(1).max(50) });

/** Customers a second: what the load policy says, times the factor of a load burst while one holds. */
export function readRate(policies: Pick<Policies, "component" | "faults">): number {
  const ratePerSecond = policies.component().load?.ratePerSecond ?? DEFAULT_RATE;
  const flag = burst.safeParse(findFlag(policies, "load_burst")?.attributes);
  return ratePerSecond * (flag.data?.factor ?? 1);
}
