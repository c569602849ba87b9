import type { z } from "zod";
import { AppError } from "./app-error.ts";

/** The checked value with its defaults, or a `bad_request`: "latency: jitter: Invalid input …". `what` is what was sent. */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError("bad_request", `${what}: ${issue?.path.join(".") || "value"}: ${issue?.message}.`);
}
