import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findShape } from "./find-shape.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "faultline-shape-"));
  for (const name of ["docker-compose.yml", "docker-compose.monolith.yml", "docker-compose.pair.yaml"]) {
    await writeFile(join(folder, name), "services: {}");
  }
});
afterAll(() => rm(folder, { recursive: true }));

test("without a shape it is the file itself", async () => {
  expect(await findShape("/p/docker-compose.yml", null)).toBe("/p/docker-compose.yml");
});

test.each([
  ["monolith", "docker-compose.monolith.yml"],
  ["pair", "docker-compose.pair.yaml"],
])("the shape %s is the file beside it", async (shape, name) => {
  expect(await findShape(join(folder, "docker-compose.yml"), shape)).toBe(join(folder, name));
});

test("a shape that is not there is refused with those that are", async () => {
  await expect(findShape(join(folder, "docker-compose.yml"), "ring")).rejects.toMatchObject({
    code: "not_found",
    message: `There is no shape "ring": ${join(folder, "docker-compose.ring.yml")} is not there (there is monolith, pair).`,
  });
  await expect(findShape("/nowhere/at-all/docker-compose.yml", "ring")).rejects.toThrow("no other shape");
});
