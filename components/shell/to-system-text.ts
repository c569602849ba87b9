import type { Component, System } from "#contract/state.ts";

/** Where it runs, and how much of it: "Docker" and "15 components". */
export function toRuntimeText(runtime: System["runtime"], count: number): { where: string; size: string } {
  return {
    where: runtime === "docker" ? "Docker" : "local processes",
    size: `${count} ${count === 1 ? "component" : "components"}`,
  };
}

/** How far the start is: what runs, and what does not yet with its reason, slowest news last. */
export function toProgress(components: Component[]): { up: number; of: number; waiting: Component[] } {
  const waiting = components.filter(({ state }) => state !== "running").sort((a, b) => a.since - b.since);
  return { up: components.length - waiting.length, of: components.length, waiting };
}
