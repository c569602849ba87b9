import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { policyFile } from "../kit/policies/schema.ts";

const read = (path: string) => policyFile.parse(JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")));
const services = read("../policies.json");
const monolith = read("policies.json");
const names = Object.keys(services.presets);

test("the presets are those of the services", () => {
  expect([monolith.default, Object.keys(monolith.presets)]).toEqual([services.default, names]);
});

test.each(names)("%s: whoever had a policy, its value is the same, and only the bank is beyond a network", (name) => {
  const [theirs, ours] = [services.presets[name], monolith.presets[name]];
  expect(ours?.edges).toEqual({ "shop->bank": theirs?.edges["payments->bank"] });
  const { gateway, catalog, ordering, bank, load } = theirs?.components ?? {};
  expect(ours?.components).toEqual({ shop: { ...catalog, ...ordering, ...gateway }, bank, load });
});
