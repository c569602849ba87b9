import type { BreakerRules } from "../settings.ts";
import { hystrix } from "./hystrix.ts";
import type { Judge } from "./judge.ts";
import { opossum } from "./opossum.ts";
import { polly } from "./polly.ts";
import { resilience4j } from "./resilience4j.ts";

export const judges: Record<BreakerRules, Judge> = { resilience4j, hystrix, polly, opossum };
