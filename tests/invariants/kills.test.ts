// Any component may be killed at any step of a checkout: when all are back, no order is lost, charged twice or left half-way.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RuntimeKind } from "#contract/state.ts";
import { type Product, startProduct, until } from "../e2e/product.ts";
import { createInside, type Inside } from "./inside.ts";
import { planKills } from "./kill-plan.ts";
import { playRound, tellHistory } from "./play-round.ts";

const runtime = (process.env.FAULTLINE_RUNTIME ?? "process") as RuntimeKind;
const kills = Number(process.env.FAULTLINE_KILLS ?? 20);
const seed = Number(process.env.FAULTLINE_SEED ?? 1);
const KILLS_PER_ROUND = 10;
const ROUND_LIMIT_MS = 180_000;

let product: Product;
let inside: Inside;
let components: string[];
beforeAll(async () => {
  product = await startProduct(runtime);
  inside = createInside(product, runtime);
  await product.command("policy:preset", { name: "hardened" });
  await until("users are served", 60_000, async () => ((await product.state()).user.successRatio ?? 0) >= 0.99);
  components = Object.keys((await product.state()).components).sort();
});
afterAll(() => product?.stop());

test(
  `${kills} kills leave every book in order`,
  async () => {
    console.log(`seed ${seed}, ${kills} kills in ${runtime}, of ${components.length} components`);
    const rounds = planKills(seed, { kills, killsPerRound: KILLS_PER_ROUND, components });
    const byComponent = Object.fromEntries(components.map((id) => [id, 0]));
    for (const [index, blows] of rounds.entries()) {
      for (const id of blows.flatMap((blow) => blow.components)) byComponent[id] = (byComponent[id] ?? 0) + 1;
      const { runningMs, greenMs, finding, residue, fallen } = await playRound(product, inside, blows);
      const { orders, confirmed, dead, wrong } = finding;
      const seconds = (ms: number) => (ms / 1_000).toFixed(1);
      console.log(
        `round ${index + 1}: runs after ${seconds(runningMs)} s, green ${seconds(greenMs)} s later; ` +
          `${orders} orders, ${confirmed} confirmed; ${dead} dead letters${residue.length > 0 ? `; ${residue.join("; ")}` : ""}`,
      );
      const history = wrong.length > 0 ? await tellHistory(product, wrong) : [];
      expect(wrong, history.join("\n")).toEqual([]);
      expect(fallen).toEqual([]);
      expect(orders).toBeGreaterThan(0);
    }
    console.table(byComponent);
  },
  Math.ceil(kills / KILLS_PER_ROUND) * ROUND_LIMIT_MS,
);
