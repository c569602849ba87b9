// The shop as a class sees it: set faults, watch figures. Everything is asked of the dashboard; nothing is known from inside.
import type { CommandInput } from "#contract/commands.ts";
import type { Edge, Snapshot } from "#contract/state.ts";
import type { Span } from "#contract/traces.ts";
import type { Product } from "../e2e/product.ts";
import { statusOf, toUsers, type Users } from "./users.ts";

/** Epoch ms. */
export type Window = { from: number; to: number };
export type Shop = ReturnType<typeof createShop>;

/** A customer waits for 5 s; the span of it is here a moment later. */
const LAST_ANSWER_MS = 5_700;
const MOST_USERS = 5_000;
const LEASE_MS = 120_000;
const LOOK_EVERY_MS = 200;
/** So many customers in a row, all of them served, and the shop is calm. */
const CALM_USERS = 25;
/** On a busy machine what was killed may need longer to be back than a reset waits for it. */
const RESETS = 3;

export function createShop(product: Product) {
  async function command<N extends Parameters<Product["command"]>[0]>(name: N, input: CommandInput<N>) {
    const answer = await product.command(name, input);
    if (answer.ok !== true) throw new Error(`${name} was refused: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Milliseconds until it holds. */
  async function until(what: string, limitMs: number, holds: () => Promise<boolean>): Promise<number> {
    const begun = Date.now();
    while (!(await holds())) {
      if (Date.now() - begun > limitMs) throw new Error(`not within ${limitMs} ms: ${what}`);
      await wait(LOOK_EVERY_MS);
    }
    return Date.now() - begun;
  }

  async function seedData(tries = RESETS) {
    const answer = await product.command("system:reset", {});
    if (answer.ok === true) return;
    if (tries === 1) throw new Error(`not reset: ${JSON.stringify(answer)}`);
    await seedData(tries - 1);
  }

  /** Customers' requests that began since then and have ended, newest first. */
  const ask = (since: number, route?: string) =>
    product.traces({ service: "load", since, limit: MOST_USERS, ...(route && { route }) });

  return {
    command,

    /** Seed data, no faults, empty queues; this preset; the customers' own sequence from its beginning; calm. */
    async begin(preset: "naive" | "hardened") {
      await seedData();
      await command("policy:preset", { name: preset });
      const since = Date.now();
      await command("component:restart", { component: "load" });
      await until(`${preset}: ${CALM_USERS} customers in a row are served`, 60_000, async () => {
        const last = (await ask(since)).slice(0, CALM_USERS);
        return last.length === CALM_USERS && toUsers(last).okRatio === 1;
      });
    },

    /** Adds a fault on an edge or a component and answers when it holds. */
    async break(
      target: string,
      type: CommandInput<"fault:add">["type"],
      { rate = 1, ...attributes }: Record<string, number | string | boolean> & { rate?: number } = {},
    ): Promise<string> {
      const { id } = await command("fault:add", {
        target: toTarget(target),
        type,
        attributes,
        rate,
        leaseMs: LEASE_MS,
      });
      return String(id);
    },
    heal: (id: string) => command("fault:remove", { id }),
    start: (component: string) => command("component:start", { component }),
    kill: (component: string) => command("component:kill", { component }),
    set: (target: string, policy: CommandInput<"policy:set">["policy"], value: Record<string, unknown>) =>
      command("policy:set", { ...toTarget(target), policy, value }),
    load: (ratePerSecond: number) => command("load:set", { ratePerSecond }),

    /** Nobody takes in what the shop tells, for so long from now on. */
    async withoutDashboard(ms: number): Promise<Window> {
      const from = Date.now();
      const thaw = product.freezeDashboard();
      await wait(ms).finally(thaw);
      return { from, to: Date.now() };
    },
    /** From now on, for so long. */
    async watch(ms: number): Promise<Window> {
      const from = Date.now();
      await wait(ms);
      return { from, to: Date.now() };
    },
    /** What users got who asked within this time, however late: waits until the last of them has an answer, or none. */
    async users({ from, to }: Window, route?: string): Promise<Users> {
      await wait(Math.max(0, to + LAST_ANSWER_MS - Date.now()));
      const users = toUsers((await ask(from, route)).filter(({ startedAt }) => startedAt <= to));
      if (users.count === 0) throw new Error(`no user asked for ${route ?? "anything"}`);
      return users;
    },

    restarts: async (component: string) => (await product.state()).components[component]?.restarts ?? 0,
    async edge(id: string): Promise<Edge> {
      const edge = (await product.state()).edges[id];
      if (!edge) throw new Error(`no edge ${id}`);
      return edge;
    },
    async invariant(name: string) {
      const found = (await product.state()).invariants[name];
      if (!found) throw new Error(`no invariant ${name} was reported`);
      return found;
    },
    /** Milliseconds until it holds; throws otherwise. */
    until: (what: string, limitMs: number, holds: (state: Snapshot) => boolean) =>
      until(what, limitMs, async () => holds(await product.state())),
    /** Milliseconds until all invariants hold; throws with what does not. */
    async allHold(limitMs: number): Promise<number> {
      let broken = "";
      return until("all invariants hold", limitMs, async () => {
        const all = Object.values((await product.state()).invariants);
        broken = all
          .flatMap(({ name, state, reason }) => (state === "holds" ? [] : [`${name} ${state}: ${reason}`]))
          .join("; ");
        return all.length >= 8 && broken === "";
      }).catch((error: Error) => {
        throw new Error(`${error.message} (${broken})`);
      });
    },
    /** How each of these checkouts ended, by trace: CONFIRMED or CANCELLED; throws while one is open after `limitMs`. */
    async ordersEnd({ traces }: Users, limitMs: number): Promise<Map<string, string>> {
      const ends = new Map<string, string>();
      const orders = traces.filter((trace) => statusOf(trace) === 202);
      await until(`${orders.length} orders end`, limitMs, async () => {
        for (const { traceId } of orders.filter(({ traceId }) => !ends.has(traceId))) {
          const { spans } = await product.trace(traceId);
          const outcomes = spans.map(({ attributes }) => String(attributes["saga.outcome"]));
          const end = outcomes.find((outcome) => outcome === "CONFIRMED" || outcome === "CANCELLED");
          if (end) ends.set(traceId, end);
        }
        return ends.size === orders.length;
      });
      return ends;
    },
    /** All spans of these users' requests, a list for each. */
    spans: ({ traces }: Users): Promise<Span[][]> =>
      Promise.all(traces.map(async ({ traceId }) => (await product.trace(traceId)).spans)),
  };
}

function toTarget(target: string) {
  return target.includes("->") ? { edge: target } : { component: target };
}

/** Prints a figure that was measured, for whoever compares runs. */
export function report(what: string, ...figures: (number | string)[]): void {
  const told = figures.map((figure) => (typeof figure === "number" ? Math.round(figure * 100) / 100 : figure));
  console.log(`  ${what}: ${told.join(", ")}`);
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
