import { readFile } from "node:fs/promises";
import { type PolicyFile, policyFile } from "#contract/policies.ts";
import { AppError } from "../lib/app-error.ts";
import { parseInput } from "../lib/parse-input.ts";

/** The file named by the model; null where none is named. A broken one is refused with a sentence that names it. */
export async function readPolicyFile(path: string | undefined): Promise<PolicyFile | null> {
  if (path === undefined) return null;
  const text = await readFile(path, "utf8").catch((error) => {
    throw new AppError("bad_request", `The policies file ${path} cannot be read.`, error);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError("bad_request", `The policies file ${path} is not JSON: ${(error as Error).message}.`, error);
  }
  const file = parseInput(policyFile, json, `The policies file ${path}`);
  if (!Object.hasOwn(file.presets, file.default)) {
    throw new AppError("bad_request", `The policies file ${path}: its default "${file.default}" is no preset.`);
  }
  return file;
}
