import { expect, test } from "vitest";
import type { ComponentState } from "#contract/state.ts";
import { type ComponentLife, newLife, nextLife } from "./component-life.ts";

type Step = [at: number, state: ComponentState, exitCode?: number | null | undefined, detail?: string];

/** Lives through the steps; what the list said, and how it ends. */
function live(...steps: Step[]): { said: string[]; life: ComponentLife } {
  let life = newLife(0);
  const said: string[] = [];
  for (const [at, state, exitCode, detail] of steps) {
    const next = nextLife("bank", life, {
      type: "state",
      component: "bank",
      at,
      state,
      ...(exitCode !== undefined && { exitCode }),
      ...(detail !== undefined && { detail }),
    });
    life = next.life;
    if (next.entry) said.push(`${next.entry.severity}: ${next.entry.text}`);
  }
  return { said, life };
}

test.each<[string, Step[], string[], Partial<ComponentLife>]>([
  [
    "starts",
    [
      [1, "starting"],
      [2, "running"],
    ],
    ["info: bank is running"],
    { restarts: 0, since: 2 },
  ],
  [
    "waits and says for what",
    [[1, "waiting", undefined, "waiting for rabbitmq"]],
    [],
    { detail: "waiting for rabbitmq", since: 0 },
  ],
  [
    "is killed and started",
    [
      [1, "running"],
      [5_000, "killed", 137],
      [6_000, "starting"],
      [6_200, "running"],
    ],
    ["info: bank is running", "bad: bank was killed · exit 137", "good: bank is running again after 1.2 s"],
    { restarts: 1, state: "running" },
  ],
  [
    "runs out of memory",
    [
      [1, "running"],
      [2, "exited", 137, "out of memory"],
    ],
    ["info: bank is running", "bad: bank ended by itself · exit 137 (out of memory)"],
    { exitCode: 137 },
  ],
  [
    "is stopped in two steps and restarted",
    [
      [1, "running"],
      [10, "stopping"],
      [20, "stopped", 0],
      [30, "starting"],
      [110, "running"],
    ],
    ["info: bank is running", "warning: bank was stopped · exit 0", "good: bank is running again after 100 ms"],
    { restarts: 1 },
  ],
  [
    "is paused and goes on, which is no restart",
    [
      [1, "running"],
      [1_000, "paused"],
      [4_000, "running"],
    ],
    ["info: bank is running", "warning: bank is paused", "good: bank goes on after 3.0 s"],
    { restarts: 0 },
  ],
  [
    "crashes in a loop before it ever ran",
    [
      [1, "starting"],
      [2, "exited", 1],
      [3, "starting"],
      [4, "exited", 1],
      [5, "starting"],
    ],
    ["bad: bank ended by itself · exit 1", "bad: bank ended by itself · exit 1"],
    { restarts: 2 },
  ],
  [
    "is told the same twice",
    [
      [1, "running"],
      [2, "killed", 137],
      [3, "killed"],
    ],
    ["info: bank is running", "bad: bank was killed · exit 137"],
    { since: 2, exitCode: 137 },
  ],
])("a component that %s", (_name, steps, said, life) => {
  const lived = live(...steps);
  expect(lived.said).toEqual(said);
  expect(lived.life).toMatchObject(life);
});
