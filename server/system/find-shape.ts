import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "../lib/app-error.ts";

/** The compose file of a system's other form, beside the given one. Throws AppError `not_found` naming those there are. */
export async function findShape(composeFile: string, shape: string | null): Promise<string> {
  if (shape === null) return composeFile;
  const folder = dirname(composeFile);
  const stem = basename(composeFile).replace(/\.ya?ml$/, "");
  const names = await readdir(folder).catch(() => []);
  const shapes = new Map(
    names.flatMap((name) => {
      const [, middle, end] = /^(.+)\.([^.]+)\.ya?ml$/.exec(name) ?? [];
      return middle === stem && end ? [[end, name] as const] : [];
    }),
  );
  const file = shapes.get(shape);
  if (file !== undefined) return join(folder, file);
  const known = shapes.size > 0 ? `there is ${[...shapes.keys()].sort().join(", ")}` : "there is no other shape";
  throw new AppError(
    "not_found",
    `There is no shape "${shape}": ${join(folder, `${stem}.${shape}.yml`)} is not there (${known}).`,
  );
}
