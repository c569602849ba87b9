import type { Component } from "#contract/state.ts";
import { toAge, toMs, toPercent, toRate } from "../ui/to-text.ts";

/** How a node is drawn: each look has a colour, a shape and, through `word`, a word. */
export type Look = "ok" | "degraded" | "failing" | "idle" | "paused" | "starting" | "ghost";

type Stateful = Pick<Component, "state" | "health">;

export function toLook({ state, health }: Stateful): Look {
  switch (state) {
    case "running":
      return health;
    case "paused":
      return "paused";
    case "waiting":
    case "starting":
    case "stopping":
      return "starting";
    default:
      return "ghost";
  }
}

/** The state in one word: the health while it runs, else what the runtime says. */
export function toWord({ state, health }: Stateful): string {
  return state === "running" ? health : state;
}

/** What a ghost tells: ["killed 14 s ago", "exit 137 · restarts 1"]. */
export function toGhostLines(component: Component, now: number): [string, string] {
  const { state, since, exitCode, restarts } = component;
  const exit = exitCode === undefined ? "" : exitCode === null ? "exit unknown · " : `exit ${exitCode} · `;
  return [`${state} ${toAge(now - since)} ago`, `${exit}restarts ${restarts}`];
}

/** What a screen reader says: "inventory, service, running, ok, 12 requests per second, 0 % errors, p95 40 ms". */
export function toNodeLabel(component: Component): string {
  const { id, kind, state, health, ratePerSecond, errorRatio, p95Ms, reason, exitCode } = component;
  const parts = [id, kind, state];
  if (state === "running") {
    parts.push(health, `${toRate(ratePerSecond).replace("/s", "")} requests per second`);
    parts.push(`${toPercent(errorRatio)} errors`);
    if (p95Ms !== null) parts.push(`p95 ${toMs(p95Ms)}`);
    if (reason) parts.push(reason);
  } else if (typeof exitCode === "number") parts.push(`exit code ${exitCode}`);
  return parts.join(", ");
}

/** Card sizes in map units; infrastructure is smaller, so that the services lead. */
export const CARD = { width: 236, height: 104 } as const;
export const SMALL_CARD = { width: 210, height: 76 } as const;

/** Two names of modules stand in a row. */
const MODULE_ROW_HEIGHT = 27;

export function toCardSize(kind: Component["kind"], modules = 0): { width: number; height: number } {
  if (kind === "database" || kind === "cache") return SMALL_CARD;
  return { width: CARD.width, height: CARD.height + Math.ceil(modules / 2) * MODULE_ROW_HEIGHT };
}
