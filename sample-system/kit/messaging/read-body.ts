import type { z } from "zod";
import { PoisonMessageError } from "./errors.ts";
import type { Message } from "./message.ts";

/** The body as the schema has it. Throws PoisonMessageError for what it does not fit. */
export function readBody<Schema extends z.ZodType>(schema: Schema, message: Pick<Message, "name" | "body">) {
  const parsed = schema.safeParse(message.body);
  if (!parsed.success) throw new PoisonMessageError(`this is no ${message.name}`);
  return parsed.data;
}
