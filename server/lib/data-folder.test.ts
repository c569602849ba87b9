import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isDiskFull, openDataFolder } from "./data-folder.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "faultline-data-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("makes the folder and leaves nothing in it", async () => {
  const data = join(folder, "a", "b");
  await openDataFolder(data);
  expect(await readdir(data)).toEqual([]);
});

test("a folder that cannot be made is refused with a sentence that names it", async () => {
  await writeFile(join(folder, "file"), "");
  const data = join(folder, "file", "data");
  await expect(openDataFolder(data)).rejects.toThrow(
    `${data} cannot be written; set FAULTLINE_DATA to a folder that can.`,
  );
});

test("a full disk is found below other errors", () => {
  const full = Object.assign(new Error("write"), { code: "ENOSPC" });
  expect(isDiskFull(new Error("outer", { cause: new Error("middle", { cause: full }) }))).toBe(true);
  expect(isDiskFull(new Error("other"))).toBe(false);
});
