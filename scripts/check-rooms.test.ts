import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findBreaches, readSources, toImports } from "./check-rooms.ts";

const file = (path: string, text: string) => ({ path, ...toImports(text) });

describe("the import table", () => {
  it("holds for the whole project", () => {
    const root = dirname(dirname(fileURLToPath(import.meta.url)));
    expect(findBreaches(readSources(root))).toEqual([]);
  });

  it.each([
    ["components reaching into the server", "components/map/x.ts", 'import { a } from "../../server/live/a.ts";'],
    ["a page reaching into the server, for a type", "app/page.tsx", 'import type { A } from "../server/env.ts";'],
    ["the agent reaching into the dashboard", "agent/x.ts", 'import { a } from "../server/lib/a.ts";'],
    ["the sample system using the contract", "sample-system/kit/x.ts", 'import { a } from "#contract/ids.ts";'],
    ["an inner room reaching outwards", "server/telemetry/x.ts", 'import { a } from "../topology/a.ts";'],
    ["the contract using a package beside zod", "contract/x.ts", 'import pino from "pino";'],
  ])("refuses %s", (_name, path, text) => {
    expect(findBreaches([file(path, text)])).toHaveLength(1);
  });

  it.each([
    ["a type-only cycle", 'import type { b } from "./b.ts";', 0],
    ["a cycle at run time", 'import { b } from "./b.ts";', 1],
  ])("counts %s", (_name, text, expected) => {
    const files = [file("agent/a.ts", text), file("agent/b.ts", 'import { a } from "./a.ts";')];
    expect(findBreaches(files)).toHaveLength(expected);
  });
});
