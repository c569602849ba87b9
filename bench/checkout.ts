// The same checkout in both shapes of the sample system, as processes, one shape after the other: how long the customer
// waits, how long until the order is CONFIRMED, and what the whole system takes of the machine. All of it is read off the
// dashboard: the customers' own spans, the saga's last span in the same trace, and the components' figures.
import { cpus } from "node:os";
import { type Product, startProduct, until } from "../tests/e2e/product.ts";

const LOAD_PER_SECOND = 20;
const WARM_UP_MS = 15_000;
const MEASURE_MS = 60_000;
const LOOK_EVERY_MS = 1_000;
/** For the last orders to end, and their spans to arrive. */
const SETTLE_MS = 3_000;
/** Checkouts whose whole trace is read: about a minute of them. */
const MAX_TRACES = 200;

const shapes = [
  { name: "services", shape: undefined },
  { name: "monolith", shape: "monolith" },
];
const columns: Record<string, Record<string, number>> = {};

for (const { name, shape } of shapes) {
  const product = await startProduct("process", { shape });
  try {
    await until("users are served", 60_000, async () => ((await product.state()).user.successRatio ?? 0) >= 0.99);
    for (const preset of ["hardened", "naive"]) columns[`${name}, ${preset}`] = await measure(product, preset);
  } finally {
    await product.stop();
  }
}
console.log(`${LOAD_PER_SECOND} requests/s, ${cpus().length} × ${cpus()[0]?.model.trim()}`);
const figures = Object.keys(Object.values(columns)[0] ?? {});
console.table(
  Object.fromEntries(
    figures.map((figure) => [
      figure,
      Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[figure]])),
    ]),
  ),
);

async function measure(product: Product, preset: string): Promise<Record<string, number>> {
  await product.command("policy:preset", { name: preset });
  await product.command("load:set", { ratePerSecond: LOAD_PER_SECOND });
  await wait(WARM_UP_MS);
  const since = Date.now();
  const looks: { cpu: number; bytes: number }[] = [];
  while (Date.now() < since + MEASURE_MS) {
    await wait(LOOK_EVERY_MS);
    const components = Object.values((await product.state()).components);
    looks.push({ cpu: sum(components, (c) => c.cpuRatio), bytes: sum(components, (c) => c.memoryBytes) });
  }
  await wait(SETTLE_MS);
  const traces = await product.traces({ service: "load", route: "/checkout", since, limit: MAX_TRACES });
  const waits: number[] = [];
  const ends: number[] = [];
  for (const { traceId, root } of traces) {
    if (!root || root.failed) continue;
    waits.push(root.durationMs);
    const { spans } = await product.trace(traceId);
    const begun = Math.min(...spans.map(({ startMs }) => startMs));
    const end = spans.find(({ name }) => name === "saga T7 order CONFIRMED");
    if (end) ends.push(end.startMs + end.durationMs - begun);
    // Without a saga the answer itself says so.
    else if (root.httpStatus === 201) ends.push(root.durationMs);
  }
  return {
    checkouts: waits.length,
    "failed checkouts": traces.length - waits.length,
    "not CONFIRMED": waits.length - ends.length,
    "answer p50, ms": at(waits, 0.5),
    "answer p95, ms": at(waits, 0.95),
    "CONFIRMED p50, ms": at(ends, 0.5),
    "CONFIRMED p95, ms": at(ends, 0.95),
    "memory of the system, MB": Math.round(
      at(
        looks.map(({ bytes }) => bytes / 1e6),
        0.5,
      ),
    ),
    "CPU of the system, cores": at(
      looks.map(({ cpu }) => cpu),
      0.5,
    ),
  };
}

function sum<T>(items: T[], of: (item: T) => number | undefined): number {
  return items.reduce((total, item) => total + (of(item) ?? 0), 0);
}

/** The value below which this share of them lies, to two decimals. */
function at(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length * share)] ?? Number.NaN) * 100) / 100;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
