import { expect, test } from "vitest";
import { aComponent } from "../live/live.fixture.ts";
import { toNextLoad } from "./to-next-load.ts";
import { toProgress, toRuntimeText } from "./to-system-text.ts";

test("the runtime is said in words", () => {
  expect(toRuntimeText("docker", 15)).toEqual({ where: "Docker", size: "15 components" });
  expect(toRuntimeText("process", 1)).toEqual({ where: "local processes", size: "1 component" });
});

test("progress counts what runs and names what does not, longest waiting first", () => {
  const components = [
    aComponent("a"),
    aComponent("b", { state: "starting", since: 20 }),
    aComponent("c", { state: "waiting", since: 10 }),
  ];
  const { up, of, waiting } = toProgress(components);
  expect([up, of, waiting.map(({ id }) => id)]).toEqual([1, 3, ["c", "b"]]);
});

test("load goes up and down in steps, also from between them, and stops at the ends", () => {
  expect([toNextLoad(20, 1), toNextLoad(20, -1), toNextLoad(25, 1), toNextLoad(25, -1)]).toEqual([30, 10, 30, 20]);
  expect([toNextLoad(0, -1), toNextLoad(2_000, 1)]).toEqual([0, 2_000]);
});
