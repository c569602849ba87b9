// The shop as a class sees it: set faults, watch figures. Everything is asked of the dashboard; nothing is known from inside.
import type { CommandInput } from "#contract/commands.ts";
import type { Edge, Snapshot } from "#contract/state.ts";
import type { Span, TraceSummary } from "#contract/traces.ts";
import { type Product, until } from "../e2e/product.ts";

/** What users got since a moment: of one route, or of all. Durations are what they waited, ms. */
export type Users = {
  count: number;
  okRatio: number;
  /** By HTTP status; 0 where no answer came. */
  byStatus: Record<number, number>;
  p50Ms: number;
  p95Ms: number;
  traces: TraceSummary[];
};
export type Shop = ReturnType<typeof createShop>;

/** Spans arrive within half a second; a user's trace is complete a moment after the answer. */
const SPANS_LATE_MS = 700;
const LEASE_MS = 120_000;

export function createShop(product: Product) {
  async function command<N extends Parameters<Product["command"]>[0]>(name: N, input: CommandInput<N>) {
    const answer = await product.command(name, input);
    if (answer["ok"] !== true) throw new Error(`${name} was refused: ${JSON.stringify(answer)}`);
    return answer;
  }

  async function users(sinceMs: number, route?: string): Promise<Users> {
    await wait(SPANS_LATE_MS);
    const traces = await product.traces({ service: "load", since: sinceMs, limit: 500, ...(route && { route }) });
    return toUsers(traces.filter(({ service, root }) => service === "load" && root !== null));
  }

  return {
    product,
    command,
    users,
    state: product.state,

    /** Seed data, no faults, empty queues; this preset; the customers' own sequence from its beginning; calm. */
    async begin(preset: "naive" | "hardened") {
      await command("system:reset", {});
      await command("policy:preset", { name: preset });
      await command("component:restart", { component: "load" });
      await until(`${preset}: ten good seconds`, 60_000, async () => {
        const { user } = await product.state();
        return user.ratePerSecond > 12 && (user.successRatio ?? 0) >= 0.99;
      });
    },

    /** Adds a fault on an edge or a component and answers when it holds. */
    async break(
      target: string,
      type: CommandInput<"fault:add">["type"],
      { rate = 1, ...attributes }: Record<string, number | string | boolean> & { rate?: number } = {},
    ): Promise<string> {
      const where = target.includes("->") ? { edge: target } : { component: target };
      const { id } = await command("fault:add", { target: where, type, attributes, rate, leaseMs: LEASE_MS });
      return String(id);
    },
    heal: (id: string) => command("fault:remove", { id }),
    start: (component: string) => command("component:start", { component }),
    kill: (component: string) => command("component:kill", { component }),
    set: (target: string, policy: CommandInput<"policy:set">["policy"], value: Record<string, unknown>) =>
      command("policy:set", {
        ...(target.includes("->") ? { edge: target } : { component: target }),
        policy,
        value,
      }),
    load: (ratePerSecond: number) => command("load:set", { ratePerSecond }),

    /** Watches users for so long from now on. */
    async watch(ms: number, route?: string): Promise<Users> {
      const since = Date.now();
      await wait(ms);
      return users(since, route);
    },
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
    /** Milliseconds until it holds; throws with the last picture otherwise. */
    until(what: string, limitMs: number, holds: (state: Snapshot) => boolean): Promise<number> {
      return until(what, limitMs, async () => holds(await product.state()));
    },
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
    async spans(traceId: string): Promise<Span[]> {
      return (await product.trace(traceId)).spans;
    },
  };
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function toUsers(traces: TraceSummary[]): Users {
  const byStatus: Record<number, number> = {};
  for (const { root } of traces) {
    const status = root?.httpStatus ?? 0;
    byStatus[status] = (byStatus[status] ?? 0) + 1;
  }
  const ok = traces.filter(({ root }) => root && root.httpStatus !== null && root.httpStatus < 400).length;
  const waits = traces.map(({ root }) => root?.durationMs ?? 0).sort((a, b) => a - b);
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? Number.NaN;
  return {
    count: traces.length,
    okRatio: traces.length === 0 ? 1 : ok / traces.length,
    byStatus,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    traces,
  };
}
