import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { AppError } from "../lib/app-error.ts";
import type { Variables } from "./compose/interpolate.ts";
import { toSystemModel } from "./compose-model.ts";
import type { SystemModel } from "./model.ts";

/** Reads a compose file from disk, with the `.env` beside it, which the environment overrules. Throws AppError. */
export async function readComposeFile(file: string, environment: Variables): Promise<SystemModel> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new AppError(
      "not_found",
      `The compose file ${file} cannot be read: check the path and its permissions.`,
      error,
    );
  }
  const dotEnv = await readFile(join(dirname(file), ".env"), "utf8").catch(() => "");
  return toSystemModel(text, { ...parseEnv(dotEnv), ...environment }, file);
}
