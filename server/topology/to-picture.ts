import type { Fault } from "#contract/faults.ts";
import type { PolicyPreset } from "#contract/policies.ts";
import type { Component, Edge, UserView } from "#contract/state.ts";
import type { RedReading } from "../telemetry/red-window.ts";
import { readRed } from "../telemetry/red-window.ts";
import type { ComponentFeed } from "./component-feed.ts";
import type { EdgeFeed } from "./edge-feed.ts";
import { judgeComponent, judgeEdge } from "./judge-health.ts";
import { toArrow } from "./to-words.ts";
import type { PolicyNotes } from "./topology-port.ts";

/*
 * Feeds as the contract's components, edges and user view. Figures are rounded to what can be read, so that noise
 * behind the last digit is no change.
 */
/** Seconds over which the map's digits and the users' are taken. */
const MAP_SECONDS = 5;
const USER_SECONDS = 10;

const tenth = (value: number) => Math.round(value * 10) / 10;
const tenthOrNull = (value: number | null) => (value === null ? null : tenth(value));
const thousandth = (value: number) => Math.round(value * 1_000) / 1_000;
const shares = ({ errors, clientErrors, count }: RedReading) => ({
  errorRatio: count === 0 ? 0 : thousandth(errors / count),
  clientErrorRatio: count === 0 ? 0 : thousandth(clientErrors / count),
});
const MEMORY_STEP_BYTES = 256 * 1024;

export function toEdge(
  feed: EdgeFeed,
  nowMs: number,
  faults: Fault[],
  policies: PolicyPreset,
  { warnings }: PolicyNotes,
): Edge {
  const { model, breaker, steadyMs } = feed;
  const reading = feed.read(nowMs, MAP_SECONDS);
  const edgePolicies = policies.edges[model.id];
  const policyWarnings = warnings[model.id];
  const here = faults.filter(({ target }) => "edge" in target && target.edge === model.id);
  const closed = here.some(({ type, state }) => type === "down" && state === "active");
  return {
    id: model.id,
    caller: model.caller,
    callee: model.callee,
    protocol: model.protocol,
    ratePerSecond: tenth(reading.ratePerSecond),
    ...shares(reading),
    p50Ms: tenthOrNull(reading.p50Ms),
    p95Ms: tenthOrNull(reading.p95Ms),
    p99Ms: tenthOrNull(reading.p99Ms),
    openConnections: feed.openConnections,
    bytesPerSecond: Math.round(feed.bytesPerSecond(nowMs, MAP_SECONDS)),
    ...judgeEdge({ reading, waitingMs: feed.waitingMs(nowMs), breaker, closed, steadyMs }),
    ...(breaker && { breaker }),
    ...(edgePolicies && { policies: edgePolicies }),
    ...(policyWarnings && { policyWarnings }),
    faults: here.map(({ id }) => id),
  };
}

/** `edges`: the edges as drawn now, by id. */
export function toComponent(
  feed: ComponentFeed,
  nowMs: number,
  edges: Record<string, Edge>,
  policies: PolicyPreset,
  { obeys }: PolicyNotes,
): Component {
  const { model, life, usage, steadyMs } = feed;
  const { awaySince: _, ...visibleLife } = life;
  const reading = feed.read(nowMs, MAP_SECONDS);
  const failingCalls = feed.outgoing.flatMap(({ model: { id, caller, callee } }) => {
    const edge = edges[id];
    return edge?.health === "failing" ? [`${toArrow(caller, callee)}: ${edge.reason}`] : [];
  });
  const componentPolicies = policies.components[model.id];
  return {
    id: model.id,
    kind: model.kind,
    context: model.context,
    ...visibleLife,
    ratePerSecond: tenth(reading.ratePerSecond),
    ...shares(reading),
    p95Ms: tenthOrNull(reading.p95Ms),
    ...judgeComponent({
      state: life.state,
      exitCode: life.exitCode,
      reading,
      own: feed.tells,
      steadyMs,
      failingCalls,
    }),
    ...(usage && {
      cpuRatio: Math.round(usage.cpuRatio * 100) / 100,
      memoryBytes: Math.round(usage.memoryBytes / MEMORY_STEP_BYTES) * MEMORY_STEP_BYTES,
    }),
    ...(componentPolicies && { policies: componentPolicies }),
    ...(model.modules && { modules: model.modules }),
    ...(obeys[model.id] && { obeys: obeys[model.id] }),
  };
}

/** `feeds`: the edges whose callers stand for users. */
export function toUserView(feeds: EdgeFeed[], nowMs: number): UserView {
  const waiting = feeds.flatMap((feed) => feed.waitingMs(nowMs) ?? []);
  const reading = readRed(
    feeds.flatMap((feed) => feed.account()),
    nowMs,
    USER_SECONDS,
    waiting,
  );
  // Quick refusals must not hide that those who are let in fail.
  const admitted = reading.count - reading.clientErrors;
  return {
    successRatio: admitted === 0 ? null : Math.round((1 - reading.errors / admitted) * 10_000) / 10_000,
    ...(reading.clientErrors > 0 && { refusedRatio: thousandth(reading.clientErrors / reading.count) }),
    p95Ms: tenthOrNull(reading.p95Ms),
    ratePerSecond: tenth(reading.ratePerSecond),
  };
}
