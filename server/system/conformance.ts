import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentEdgesAnswer } from "#contract/agent-api.ts";
import type { ComponentState } from "#contract/state.ts";
import { interpose } from "./interpose.ts";
import type { InterposedSystem, Wiring } from "./model.ts";
import { readComposeFile } from "./read-compose-file.ts";
import type { Runtime, RuntimeEvent } from "./runtime.ts";

/*
 * What every Runtime must do, as one suite; each runtime's test hands in how it is made and how its insides are reached.
 * The system is tests/fixtures/pair.
 */
export type ConformanceHarness = {
  /** A runtime of the same name each time, so that each finds what the one before left. */
  create(): Runtime;
  /** GET of a path of a component at port 3000, bypassing the agent; rejects when no answer came within `timeoutMs`. */
  ask(component: string, path: string, timeoutMs: number): Promise<string>;
  killAgent(): Promise<void>;
  /** Every process, container, network or volume of this name that is there now. */
  leftovers(): Promise<string[]>;
};

const composeFile = fileURLToPath(new URL("../../tests/fixtures/pair/docker-compose.yml", import.meta.url));
const components = ["back", "front", "stubborn", "ticker"];
const STATE_WITHIN_MS = 20_000;

export function describeRuntime(name: string, toHarness: () => ConformanceHarness): void {
  describe(`the ${name} runtime`, () => {
    let harness: ConformanceHarness;
    let runtime: Runtime;
    let wiring: Wiring;
    let system: InterposedSystem;
    let events: RuntimeEvent[] = [];
    let listeners: (() => void)[] = [];

    async function bringUp(): Promise<void> {
      events = [];
      runtime = harness.create();
      runtime.onEvent((event) => {
        events.push(event);
        for (const listener of listeners.splice(0)) listener();
      });
      const model = await readComposeFile(composeFile, process.env);
      wiring = await runtime.prepare(model, new AbortController().signal);
      system = interpose(model, wiring);
      await putEdges((await runtime.startAgent()).controlUrl);
      await runtime.up(system);
      for (const component of components) await reach(component, "running", 0);
    }

    async function putEdges(controlUrl: string): Promise<AgentEdgesAnswer> {
      const edges = system.edges.map(({ id, listen, upstream, protocol }) => ({ id, listen, upstream, protocol }));
      const answer = await fetch(`${controlUrl}/faultline/edges`, { method: "PUT", body: JSON.stringify({ edges }) });
      expect(answer.status).toBe(200);
      return (await answer.json()) as AgentEdgesAnswer;
    }

    /** The first event from place `from` on that fits; waits for it. */
    async function find<E extends RuntimeEvent>(from: number, fits: (event: RuntimeEvent) => event is E): Promise<E> {
      const until = AbortSignal.timeout(STATE_WITHIN_MS);
      for (;;) {
        const event = events.slice(from).find(fits);
        if (event) return event;
        if (until.aborted) throw new Error(`it did not happen; last: ${JSON.stringify(events.slice(-5))}`);
        await new Promise<void>((resolve) => {
          listeners.push(resolve);
          setTimeout(resolve, 500);
        });
      }
    }

    type StateEvent = RuntimeEvent & { type: "state" };
    function reach(component: string, state: ComponentState, from: number): Promise<StateEvent> {
      return find(
        from,
        (event): event is StateEvent =>
          event.type === "state" && event.component === component && event.state === state,
      );
    }

    /** The states of one component from place `from` on, in order. */
    function statesOf(component: string, from: number): ComponentState[] {
      return events
        .slice(from)
        .flatMap((event) => (event.type === "state" && event.component === component ? [event.state] : []));
    }

    beforeAll(async () => {
      harness = toHarness();
      listeners = [];
      await bringUp();
    });
    afterAll(() => runtime.down());

    it("tells of each component that it waits, starts and runs, in this order", () => {
      for (const component of components) {
        expect([...new Set(statesOf(component, 0))]).toEqual(["waiting", "starting", "running"]);
      }
    });

    it("leads a call through the listener of its edge, and keeps a dollar sign in the environment", async () => {
      const answer = JSON.parse(await harness.ask("front", "/", 5_000));
      expect(answer.dollars).toBe("a$b");
      expect(JSON.parse(answer.back)).toMatchObject({ name: "back" });
    });

    it("kills at once and says so with code 137; starts again at the same address", async () => {
      const from = events.length;
      const askedAt = performance.now();
      await runtime.act("back", "kill");
      expect(await reach("back", "killed", from)).toMatchObject({ exitCode: 137 });
      const killedMs = performance.now() - askedAt;
      await expect(harness.ask("back", "/", 2_000)).rejects.toThrow();
      const startedAt = performance.now();
      await runtime.act("back", "start");
      await reach("back", "running", from);
      console.info(
        `${name}: kill to event ${killedMs.toFixed(0)} ms, start to running ${(performance.now() - startedAt).toFixed(0)} ms`,
      );
      expect(statesOf("back", from)).toEqual(["killed", "starting", "running"]);
      expect(JSON.parse(JSON.parse(await harness.ask("front", "/", 5_000)).back)).toMatchObject({ name: "back" });
    });

    it("stops with the component's own exit code", async () => {
      const from = events.length;
      await runtime.act("back", "stop");
      expect(await reach("back", "stopped", from)).toMatchObject({ exitCode: expect.any(Number) });
      expect(statesOf("back", from)).toEqual(["stopping", "stopped"]);
      await runtime.act("back", "start");
      await reach("back", "running", from);
    });

    it("ends what does not stop in its grace period, and calls it stopped all the same", async () => {
      const from = events.length;
      await runtime.act("stubborn", "stop");
      expect(await reach("stubborn", "stopped", from)).toMatchObject({
        exitCode: 137,
        detail: "did not end in its grace period",
      });
      await runtime.act("stubborn", "start");
      await reach("stubborn", "running", from);
    });

    it("tells of a component that ends by itself, with its code", async () => {
      const from = events.length;
      await harness.ask("back", "/exit?code=3", 2_000).catch(() => undefined);
      const exited = await reach("back", "exited", from);
      expect(exited).toMatchObject({ exitCode: 3, detail: expect.stringContaining("exit code 3") });
      await runtime.act("back", "start");
      await reach("back", "running", from);
    });

    it("pauses: connections are taken, nothing answers; and resumes where it was", async () => {
      const from = events.length;
      await runtime.act("back", "pause");
      await reach("back", "paused", from);
      await expect(harness.ask("back", "/", 700)).rejects.toThrow();
      await runtime.act("back", "unpause");
      await reach("back", "running", from);
      expect(JSON.parse(await harness.ask("back", "/", 5_000))).toMatchObject({ name: "back" });
      expect(statesOf("back", from)).toEqual(["paused", "running"]);
    });

    it("kills and stops what is paused", async () => {
      for (const [action, state] of [
        ["kill", "killed"],
        ["stop", "stopped"],
      ] as const) {
        const from = events.length;
        await runtime.act("back", "pause");
        await runtime.act("back", action);
        await reach("back", state, from);
        await runtime.act("back", "start");
        await reach("back", "running", from);
      }
    });

    it("restarts what runs, and what does not", async () => {
      const from = events.length;
      await runtime.act("back", "restart");
      await reach("back", "running", from);
      expect(statesOf("back", from)).toEqual(["stopping", "stopped", "starting", "running"]);
      await runtime.act("back", "kill");
      await reach("back", "killed", from);
      const again = events.length;
      await runtime.act("back", "restart");
      await reach("back", "running", again);
    });

    it("refuses what makes no sense, by code", async () => {
      await expect(runtime.act("back", "start")).rejects.toMatchObject({ code: "conflict" });
      await expect(runtime.act("back", "unpause")).rejects.toMatchObject({ code: "conflict" });
      await expect(runtime.act("nobody", "kill")).rejects.toMatchObject({ code: "not_found" });
      await expect(runtime.act("faultline-agent", "kill")).rejects.toMatchObject({ code: "not_found" });
      await expect(runtime.logs("nobody", 10)).rejects.toMatchObject({ code: "not_found" });
    });

    it("gives the newest lines of output, oldest first, with their stream", async () => {
      const lines = await runtime.logs("ticker", 3);
      const ticks = lines.map(({ text }) => Number(/^tick (\d+)$/.exec(text)?.[1]));
      expect(ticks).toEqual([ticks[0], (ticks[0] ?? 0) + 1, (ticks[0] ?? 0) + 2]);
      expect(Date.now() - (lines.at(-1)?.at ?? 0)).toBeLessThan(5_000);
      expect(await runtime.logs("back", 100)).toContainEqual({
        at: expect.any(Number),
        stream: "stderr",
        text: "about to end",
      });
    });

    it("measures memory and CPU of every component", async () => {
      for (const component of components) {
        const stats = await find(
          events.length - 1,
          (event): event is RuntimeEvent & { type: "stats" } => event.type === "stats" && event.component === component,
        );
        expect(stats.memoryBytes).toBeGreaterThan(4 * 1024 * 1024);
        expect(stats.cpuRatio).toBeGreaterThanOrEqual(0);
        expect(stats.cpuRatio).toBeLessThan(4);
      }
    });

    it("tells when the agent ends; started again it is where it was", async () => {
      const from = events.length;
      await harness.killAgent();
      await find(from, (event): event is RuntimeEvent & { type: "agent-exit" } => event.type === "agent-exit");
      const { edges } = await putEdges((await runtime.startAgent()).controlUrl);
      expect(edges).toEqual(system.edges.map(({ id, listen }) => ({ id, listen })));
      expect(JSON.parse(JSON.parse(await harness.ask("front", "/", 5_000)).back)).toMatchObject({ name: "back" });
    });

    it("leaves nothing behind when it is brought down, also with a component paused, and twice", async () => {
      await runtime.act("ticker", "pause");
      const startedAt = performance.now();
      await runtime.down();
      console.info(`${name}: down ${(performance.now() - startedAt).toFixed(0)} ms`);
      expect(await harness.leftovers()).toEqual([]);
      await runtime.down();
    });

    it("clears away what a run left that was never brought down", async () => {
      const startedAt = performance.now();
      await bringUp();
      console.info(`${name}: prepare to all running ${(performance.now() - startedAt).toFixed(0)} ms`);
      expect(await harness.leftovers()).not.toEqual([]);
      const abandoned = runtime;
      const next = harness.create();
      await next.prepare(await readComposeFile(composeFile, process.env), new AbortController().signal);
      expect(await harness.leftovers()).toEqual([]);
      await next.down();
      await abandoned.down();
    });
  });
}
