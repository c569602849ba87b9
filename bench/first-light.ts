// What a person waits for, in each runtime that this machine has:
//   warm start to live map · memory of the whole system · click to first affected request · event to pixel
// The first row of the table is the machine. Cold start is bench/cold-start.ts, since it needs a fresh clone.
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { chromium, type Page } from "@playwright/test";
import type { RuntimeKind } from "#contract/state.ts";
import { type Product, startProduct, until } from "../tests/e2e/product.ts";

const TRIES = 10;
const LATENCY_MS = 300;
const edgeId = "load->gateway";

const runtimes: RuntimeKind[] = ["process"];
if (spawnSync("docker", ["info"], { stdio: "ignore" }).status === 0) runtimes.push("docker");

for (const runtime of runtimes) {
  const product = await startProduct(runtime);
  const browser = await chromium.launch({
    ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-quic"],
  });
  try {
    const page = await browser.newPage();
    await page.goto(product.url);
    await page.getByTestId("user-success").waitFor();
    await until("users are served", 60_000, async () => ((await product.state()).user.successRatio ?? 0) >= 0.99);
    const clicks = await clickToAffected(product, page);
    const pixels = await eventToPixel(product, page);
    console.log(`\nruntime ${runtime} (${cpus().length} × ${cpus()[0]?.model.trim()})`);
    console.table({
      "warm start to running system, ms": { value: product.startMs },
      "click to first affected request, ms, median": { value: Math.round(median(clicks)) },
      "click to first affected request, ms, worst": { value: Math.round(Math.max(...clicks)) },
      "event to pixel, ms, median": { value: median(pixels) },
      "event to pixel, ms, worst": { value: Math.max(...pixels) },
    });
    await printMemory(product);
  } finally {
    await browser.close();
    await product.stop();
  }
}

/**
 * From the browser sending the click's command to the moment when the first answer was held back: requests run at
 * 50/s through the edge, so the figure holds up to 20 ms of waiting for one; an affected one is at least LATENCY_MS
 * long, so it began to be held at its end minus that.
 */
async function clickToAffected(product: Product, page: Page): Promise<number[]> {
  await product.command("load:set", { ratePerSecond: 50 });
  await until("the load is on", 20_000, async () => (await product.state()).user.ratePerSecond > 35);
  const found: number[] = [];
  for (let i = 0; i < TRIES; i += 1) {
    const clicked = await page.evaluate(
      async ([edge, latency]) => {
        const at = Date.now();
        await fetch("/api/commands/fault:add", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ target: { edge }, type: "latency", attributes: { latency }, leaseMs: 1_000 }),
        });
        return at;
      },
      [edgeId, LATENCY_MS] as const,
    );
    await until("the fault has lapsed", 10_000, async () => Object.keys((await product.state()).faults).length === 0);
    await until("the spans are here", 10_000, async () => {
      const slow = await product.traces({ service: "load", minMs: LATENCY_MS, since: clicked - 1_000, limit: 500 });
      const held = slow
        .map((trace) => trace.startedAt + trace.durationMs - LATENCY_MS - clicked)
        .filter((ms) => ms >= 0);
      if (held.length > 0) found.push(Math.min(...held));
      return held.length > 0;
    });
  }
  await product.command("load:set", { ratePerSecond: 20 });
  return found;
}

/** From the runtime's event (the component's `since`) to the first frame after the map drew the ghost. */
async function eventToPixel(product: Product, page: Page): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < TRIES; i += 1) {
    const drawn = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const element = document.querySelector('[data-testid="node-notifications"]');
          if (!element) throw new Error("the node is not on the map");
          const observer = new MutationObserver(() => {
            if (element.getAttribute("data-state") !== "killed") return;
            observer.disconnect();
            requestAnimationFrame(() => requestAnimationFrame(() => resolve(Date.now())));
          });
          observer.observe(element, { attributes: true });
        }),
    );
    await product.command("component:kill", { component: "notifications" });
    const at = await drawn;
    const since = (await product.state()).components.notifications?.since ?? 0;
    found.push(at - since);
    await product.command("component:start", { component: "notifications" });
    await until(
      "it runs again",
      20_000,
      async () => (await product.state()).components.notifications?.state === "running",
    );
  }
  return found;
}

async function printMemory(product: Product): Promise<void> {
  await until("every component is measured", 10_000, async () =>
    Object.values((await product.state()).components).every((component) => (component.memoryBytes ?? 0) > 0),
  );
  const { components } = await product.state();
  const rows = Object.values(components).map((c) => [c.id, Math.round((c.memoryBytes ?? 0) / 1e6)] as const);
  const sum = rows.reduce((total, [, mb]) => total + mb, 0);
  console.table(
    Object.fromEntries([...rows, ["whole system", sum] as const].map(([id, mb]) => [id, { "resident MB": mb }])),
  );
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
