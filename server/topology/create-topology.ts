import type { Fault } from "#contract/faults.ts";
import { INVARIANT_GAUGE, invariantAttributes } from "#contract/invariants.ts";
import type { PolicyPreset } from "#contract/policies.ts";
import type { Component, Edge, Health, System } from "#contract/state.ts";
import { createPeerResolver, type PeerResolver } from "../telemetry/peer-resolver.ts";
import { nanosToMs } from "../telemetry/span.ts";
import { toBreakerEntry } from "./breaker-entry.ts";
import { ComponentFeed } from "./component-feed.ts";
import { isDown, nextLife } from "./component-life.ts";
import { EdgeFeed } from "./edge-feed.ts";
import { createEventList } from "./event-list.ts";
import { createInvariantBook } from "./invariant-book.ts";
import { createShow, type Picture } from "./show-changes.ts";
import { createLearner } from "./steady-state.ts";
import { toComponent, toEdge, toUserView } from "./to-picture.ts";
import type { PolicyNotes, Topology } from "./topology-port.ts";

export type TopologyOptions = {
  /** Epoch ms. */
  now?: () => number;
  /** Shared with the span store, which asks it for edges; `load` fills it. */
  peers?: PeerResolver;
};

/** A first start that takes longer than this is trouble, and shows as such. */
const FIRST_START_MS = 60_000;

const unknownSystem: System = {
  name: "",
  runtime: "process",
  status: "preparing",
  message: "",
  agent: "starting",
  unavailableActions: {},
  layout: {},
  presets: [],
  preset: null,
  loadRatePerSecond: null,
  warnings: [],
  telemetry: { spansKept: 0, rejected: 0, dropped: 0 },
};

/**
 * The picture joined from its feeds. `snapshot()` is what the deltas taken so far add up to, so whoever serves the
 * picture takes deltas all the time, whether anybody looks or not; taking them is also what learns the steady state.
 */
export function createTopology({ now = Date.now, peers = createPeerResolver() }: TopologyOptions = {}): Topology {
  let components = new Map<string, ComponentFeed>();
  let edges = new Map<string, EdgeFeed>();
  let faults: Fault[] = [];
  let policies: PolicyPreset = { edges: {}, components: {} };
  let notes: PolicyNotes = { warnings: {}, obeys: {} };
  let system = unknownSystem;
  const invariants = createInvariantBook();
  const events = createEventList();
  const learn = createLearner();
  const show = createShow(now(), toPicture(now()));

  function toPicture(nowMs: number): Picture {
    const users = [...edges.values()].filter(({ model }) => components.get(model.caller)?.model.client);
    const edgesNow: Record<string, Edge> = {};
    for (const [id, feed] of edges) edgesNow[id] = toEdge(feed, nowMs, faults, policies, notes);
    const componentsNow: Record<string, Component> = {};
    for (const [id, feed] of components) componentsNow[id] = toComponent(feed, nowMs, edgesNow, policies, notes);
    return {
      system,
      user: toUserView(users, nowMs),
      components: componentsNow,
      edges: edgesNow,
      faults: Object.fromEntries(faults.map((fault) => [fault.id, fault])),
      invariants: invariants.read(nowMs),
    };
  }

  function isCalm(): boolean {
    if (faults.length > 0) return false;
    for (const { life } of components.values()) if (life.state !== "running") return false;
    for (const { breaker } of edges.values()) {
      if (breaker !== null && breaker.state !== "closed" && breaker.state !== "disabled") return false;
    }
    return true;
  }

  /** On its way up for the first time: who calls it until then is early, and nothing has failed. */
  function isComing(feed: ComponentFeed | undefined, nowMs: number): boolean {
    if (feed === undefined) return false;
    const { state, since, restarts, awaySince } = feed.life;
    const isUnborn = (state === "waiting" || state === "starting") && restarts === 0 && awaySince === null;
    return isUnborn && nowMs - since < FIRST_START_MS;
  }

  function* pupils(picture: Picture): Generator<readonly [EdgeFeed | ComponentFeed, Health]> {
    for (const [id, feed] of edges) yield [feed, picture.edges[id]?.health ?? "idle"];
    for (const [id, feed] of components) yield [feed, picture.components[id]?.health ?? "idle"];
  }

  return {
    load({ model, edges: edgeModels }) {
      const nowMs = now();
      peers.load(edgeModels);
      components = new Map(model.services.map((service) => [service.id, new ComponentFeed(service, nowMs)]));
      edges = new Map();
      invariants.forget(nowMs);
      for (const { id, caller, callee, port, protocol } of edgeModels) {
        const feed = new EdgeFeed({ id, caller, callee, port, protocol });
        edges.set(id, feed);
        components.get(caller)?.outgoing.push(feed);
        components.get(callee)?.incoming.push(feed);
      }
    },

    onRuntimeEvent(event) {
      if (event.type !== "state" && event.type !== "stats") return;
      const feed = components.get(event.component);
      if (feed === undefined) return;
      if (event.type === "stats") {
        feed.usage = { cpuRatio: event.cpuRatio, memoryBytes: event.memoryBytes };
        return;
      }
      const { life, entry } = nextLife(event.component, feed.life, event);
      feed.life = life;
      if (entry) events.add(event.at, entry);
      if (!isDown(life.state)) return;
      feed.usage = null;
      // Its breakers lived in its memory.
      for (const edge of feed.outgoing) edge.breaker = null;
    },

    onEdgeStats(_at, stats) {
      // Placed by our own clock: the agent may run on another machine.
      const nowMs = now();
      const told = new Set<string>();
      for (const one of stats) {
        const feed = edges.get(one.id);
        if (feed === undefined || isComing(components.get(feed.model.callee), nowMs)) continue;
        feed.addStats(nowMs, one);
        told.add(one.id);
      }
      for (const [id, feed] of edges) if (!told.has(id)) feed.addSilence();
    },

    onSpans(spans) {
      const nowMs = now();
      for (const span of spans) {
        const endMs = Math.min(nanosToMs(span.endNanos), nowMs);
        const received = span.kind === "server" || span.kind === "consumer";
        const crossed = span.kind === "client" || span.kind === "producer" || span.kind === "consumer";
        if (received) components.get(span.service)?.addSpan(endMs, span);
        const edge = crossed ? peers.edgeOf(span) : null;
        if (edge !== null) edges.get(edge.id)?.addSpan(endMs, span);
      }
    },

    onBreaker(caller, callee, breaker) {
      const owner = components.get(caller);
      const feed = owner?.outgoing.find(({ model }) => model.callee === callee);
      // Reports come late or overtake each other: none counts after its owner's end, or against a newer state.
      if (owner === undefined || feed === undefined || isDown(owner.life.state)) return;
      if (feed.breaker !== null && breaker.since < feed.breaker.since) return;
      const entry = toBreakerEntry(feed.model, feed.breaker, breaker);
      feed.breaker = breaker;
      if (entry) events.add(breaker.since, entry);
    },

    onInvariant({ at, invariant }) {
      const entry = invariants.onReport(now(), at, invariant);
      if (entry) events.add(now(), entry);
    },

    onGauges(points) {
      for (const { name, value, atNanos, attributes } of points) {
        const rule = attributes[invariantAttributes.name];
        if (name !== INVARIANT_GAUGE || typeof rule !== "string" || rule === "") continue;
        const entry = invariants.onGauge(now(), nanosToMs(atNanos), rule, value);
        if (entry) events.add(now(), entry);
      }
    },

    forgetInvariants: () => invariants.forget(now()),

    setFaults(next) {
      faults = next.map((fault) => ({ ...fault }));
    },
    setPolicies(next, nextNotes = notes) {
      policies = structuredClone(next);
      notes = structuredClone(nextNotes);
    },
    setSystem(patch) {
      system = { ...system, ...patch };
    },
    log(entry) {
      events.add(now(), entry);
    },

    snapshot: show.snapshot,
    takeDelta() {
      const nowMs = now();
      const picture = toPicture(nowMs);
      learn(nowMs, isCalm(), pupils(picture));
      return show.advance(nowMs, picture, events.take());
    },
  };
}
