import { expect, test } from "vitest";
import { type SeenComponent, toStatus } from "./system-status.ts";

const seen = (id: string, state: SeenComponent["state"], wasRunning = false, detail?: string): SeenComponent => ({
  id,
  state,
  wasRunning,
  ...(detail !== undefined && { detail }),
});

test.each<[string, SeenComponent[], object]>([
  [
    "counts while it starts, and says what for",
    [seen("a", "running", true), seen("b", "starting", false, "waiting for rabbitmq"), seen("c", "waiting")],
    { status: "starting", message: "starting 1 of 3; b: waiting for rabbitmq" },
  ],
  ["is calm when all run", [seen("a", "running", true)], { status: "running", message: "Docker, 1 components" }],
  [
    "names what is down once all have run",
    [seen("a", "killed", true), seen("b", "running", true), seen("c", "paused", true)],
    { status: "degraded", message: "a is killed, c is paused" },
  ],
  [
    "does not wait for one that ended while it started",
    [seen("a", "exited"), seen("b", "running", true)],
    { status: "degraded", message: "a is exited" },
  ],
  [
    "gives the reason of one that ended by itself",
    [seen("a", "killed", true, "exit code 137"), seen("b", "exited", false, "exit code 1: no space left")],
    { status: "degraded", message: "a is killed, b is exited (exit code 1: no space left)" },
  ],
])("%s", (_name, components, status) => {
  expect(toStatus(components, "Docker, 1 components")).toEqual(status);
});
