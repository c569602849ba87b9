import type { z } from "zod";
import { CallError } from "../kit/calls/call-error.ts";

/** What a service answered, as the schema says; else a CallError, as an answer that nobody understands is a failed call. */
export function readAnswer<Schema extends z.ZodType>(callee: string, schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new CallError(callee, "failed", `${callee} gave an answer that was not understood`, { cause: parsed.error });
}
