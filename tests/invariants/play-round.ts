// One round: blow after blow under load, then everything is healed, and the books must agree within 30 s.
import { setTimeout as sleep } from "node:timers/promises";
import type { Snapshot } from "#contract/state.ts";
import { type Product, until } from "../e2e/product.ts";
import { type Finding, settleBooks } from "./books.ts";
import type { Inside } from "./inside.ts";
import type { Blow } from "./kill-plan.ts";

/** From the moment on when everything runs again. */
const GREEN_LIMIT_MS = 30_000;
/** For everything to run again; a broker or a database on a busy machine takes its time. */
const RUNNING_LIMIT_MS = 60_000;
const INVARIANTS = 8;
/** Each is told anew every 2 s: what is shown after this long was found after everything ran again. */
const TOLD_WITHIN_MS = 3_000;

export type Round = {
  /** Until everything ran again, from "heal everything" on. */
  runningMs: number;
  /** Until all invariants held, from then on, and what was the last that did not. */
  greenMs: number;
  lastRed: string;
  /** Which were broken for a while, for longer than they allow. */
  broke: string[];
  finding: Finding;
  residue: string[];
  /** Who ended without being killed. */
  fallen: string[];
};

/** `ratePerSecond`: the load while components are killed, and until they have recovered. */
export async function playRound(
  { product, inside, ratePerSecond }: { product: Product; inside: Inside; ratePerSecond: number },
  blows: Blow[],
): Promise<Round> {
  const begunAt = Date.now();
  await product.command("load:set", { ratePerSecond });
  const must = async (name: "component:kill" | "component:start", component: string) => {
    let said = "";
    // Refused while it is just coming up, or when somebody has started it already.
    await until(`${name} ${component}`, 10_000, async () => {
      const answer = await product.command(name, { component });
      said = JSON.stringify(answer);
      return answer.ok === true || (name === "component:start" && said.includes("running"));
    }).catch((error: Error) => {
      throw new Error(`${error.message}: ${said}`);
    });
  };
  const revivals: Promise<void>[] = [];
  for (const { pauseMs, components, reviveAfterMs } of blows) {
    await sleep(pauseMs);
    await Promise.all(components.map((component) => must("component:kill", component)));
    for (const component of components)
      revivals.push(sleep(reviveAfterMs).then(() => must("component:start", component)));
  }
  await Promise.all(revivals);

  const healing = product.command("heal:everything", {});
  const runningMs = await until("everything runs again", RUNNING_LIMIT_MS, async () =>
    Object.values((await product.state()).components).every(({ state }) => state === "running"),
  );
  const { greenMs, lastRed } = await untilGreen(product);
  const { residue } = (await healing) as { residue?: string[] };

  // Without new orders every book can be counted to the end.
  await product.command("load:set", { ratePerSecond: 0 });
  const finding = await settleBooks(inside, begunAt, GREEN_LIMIT_MS);
  const { events } = await product.state();
  const seen = events.filter(({ at }) => at >= begunAt);
  const fallen = seen.filter(({ text }) => text.includes("ended by itself")).map(({ text }) => text);
  const broke = seen.filter(({ kind, severity }) => kind === "invariant" && severity === "bad").map(({ text }) => text);
  return { runningMs, greenMs, lastRed, broke, finding, residue: residue ?? [], fallen };
}

async function untilGreen(product: Product): Promise<Pick<Round, "greenMs" | "lastRed">> {
  let red: Snapshot["invariants"][string][] = [];
  let lastRed = "";
  const begunAt = Date.now();
  const tell = () => red.map(({ name, state, reason }) => `${name} ${state}: ${reason}`);
  try {
    const greenMs = await until("all invariants hold", GREEN_LIMIT_MS, async () => {
      const all = Object.values((await product.state()).invariants);
      red = all.filter(({ state }) => state !== "holds");
      lastRed = tell().join("; ") || lastRed;
      return all.length >= INVARIANTS && red.length === 0 && Date.now() - begunAt >= TOLD_WITHIN_MS;
    });
    return { greenMs, lastRed };
  } catch (error) {
    const offenders = red.flatMap(({ offenders }) => offenders);
    throw new Error([String(error), ...tell(), ...(await tellHistory(product, offenders))].join("\n"));
  }
}

/** What happened to each, as its trace has it: the saga's steps and whatever failed. */
export async function tellHistory(
  product: Product,
  offenders: { id: string; traceId?: string | undefined }[],
): Promise<string[]> {
  const told = offenders.slice(0, 5).map(async ({ id, traceId }) => {
    if (!traceId) return `${id}: no trace`;
    const { spans } = await product.trace(traceId).catch(() => ({ spans: [] }));
    const lines = spans
      .filter(({ name, status }) => name.startsWith("saga ") || status === "error")
      .map(({ startMs, service, name, statusMessage }) => {
        return `  ${new Date(startMs).toISOString()} ${service} ${name} ${statusMessage}`;
      });
    return [`${id}, trace ${traceId}:`, ...lines].join("\n");
  });
  return Promise.all(told);
}
