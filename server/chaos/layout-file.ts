import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { system } from "#contract/state.ts";
import { AppError } from "../lib/app-error.ts";

type Layout = z.infer<typeof system.shape.layout>;

/** Fixed places by component id, as the system's layout file gives them; none where no file is named. */
export async function readLayoutFile(path: string | undefined): Promise<Layout> {
  if (path === undefined) return {};
  try {
    return z
      .record(z.string(), z.object({ x: z.number(), y: z.number() }))
      .parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    const sentence = `The layout file ${path} must be readable JSON: { "component": { "x": 0, "y": 0 } }.`;
    throw new AppError("bad_request", sentence, error);
  }
}
