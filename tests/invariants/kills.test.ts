// Any component may be killed at any step of a checkout: when all are back, no order is lost, charged twice or left half-way.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RuntimeKind } from "#contract/state.ts";
import { type Product, startProduct, until } from "../e2e/product.ts";
import { countDetours } from "./detours.ts";
import { createInside, type Inside } from "./inside.ts";
import { planKills } from "./kill-plan.ts";
import { playRound, type Round, tellHistory } from "./play-round.ts";

const runtime = (process.env.FAULTLINE_RUNTIME ?? "process") as RuntimeKind;
const kills = Number(process.env.FAULTLINE_KILLS ?? 20);
const seed = Number(process.env.FAULTLINE_SEED ?? 1);
const ratePerSecond = Number(process.env.FAULTLINE_LOAD ?? 20);
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
    console.log(
      `seed ${seed}, ${kills} kills in ${runtime}, of ${components.length} components, at ${ratePerSecond} requests/s`,
    );
    const begunAt = Date.now();
    const rounds = planKills(seed, { kills, killsPerRound: KILLS_PER_ROUND, components });
    const byComponent = Object.fromEntries(components.map((id) => [id, 0]));
    for (const [index, blows] of rounds.entries()) {
      for (const id of blows.flatMap((blow) => blow.components)) byComponent[id] = (byComponent[id] ?? 0) + 1;
      const round = await playRound({ product, inside, ratePerSecond }, blows);
      console.log(`round ${index + 1}: ${describeRound(round)}`);
      const { finding, fallen } = round;
      const history = finding.wrong.length > 0 ? await tellHistory(product, finding.wrong) : [];
      expect(finding.wrong, history.join("\n")).toEqual([]);
      expect(fallen).toEqual([]);
    }
    console.table(await countDetours(inside, begunAt));
    console.table(byComponent);
  },
  Math.ceil(kills / KILLS_PER_ROUND) * ROUND_LIMIT_MS,
);

function describeRound({ runningMs, greenMs, lastRed, broke, finding, residue }: Round): string {
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  const { orders, confirmed, dead } = finding;
  return [
    `all run after ${seconds(runningMs)} s, green ${seconds(greenMs)} s later`,
    `${orders} orders, ${confirmed} confirmed, ${dead} dead letters`,
    lastRed && `last: ${lastRed}`,
    ...broke,
    ...residue,
  ]
    .filter(Boolean)
    .join("; ");
}
