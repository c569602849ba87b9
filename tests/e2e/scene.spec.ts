// The scene: what a trainer shows in the first ten minutes, played in a real browser against the real product.
// The tests are one story and share one running product; each prints the times that it measured.
import { execFileSync } from "node:child_process";
import { expect, type Locator, type Page, test } from "@playwright/test";
import type { RuntimeKind } from "#contract/state.ts";
import type { Span } from "#contract/traces.ts";
import { type Product, processesUsing, startProduct, until } from "./product.ts";

test.describe.configure({ mode: "serial" });

const bankEdge = "payments->bank";
let product: Product;
let page: Page;
let runtime: RuntimeKind;

test.beforeAll(async ({ browser }, testInfo) => {
  test.setTimeout(300_000);
  runtime = testInfo.project.name as RuntimeKind;
  product = await startProduct(runtime);
  report("start to running system", product.startMs);
  page = await browser.newPage();
  await page.goto(product.url);
});

test.afterAll(async () => {
  await page?.close();
  await product?.stop();
});

test("1. the map shows every component with traffic, and users are served", async () => {
  const { components, edges } = await product.state();
  const called = new Set(Object.values(edges).flatMap(({ caller, callee }) => [caller, callee]));
  for (const id of Object.keys(components)) {
    await expect(node(id)).toHaveAttribute("data-state", "running");
    // Whoever only watches has no traffic to show.
    if (called.has(id)) await expect(node(id)).not.toHaveAttribute("data-health", "idle", { timeout: 30_000 });
  }
  const took = await until("99 % of the users' calls succeed", 30_000, async () => {
    const { user } = await product.state();
    return user.ratePerSecond > 10 && (user.successRatio ?? 0) >= 0.99;
  });
  report("running system to 99 % success", took);
  await expect(page.getByTestId("user-success")).toContainText(/100|99/);
  await expect(page.getByTestId("invariants")).toContainText("all 8 hold", { timeout: 30_000 });
});

test("2. three seconds of latency by the slider: seen on the line, in spans, and the breaker opens", async () => {
  await openEdge(bankEdge);
  await page.getByTestId("lease-select").selectOption("30000");
  await watchBreaker(bankEdge);

  const slid = Date.now();
  await slideTo(page.getByTestId("latency-slider"), 3_000);
  await expect(edge(bankEdge)).toHaveAttribute("data-faults", "1", { timeout: 1_000 });
  report("slider to fault on the line", Date.now() - slid);

  await expect(edge(bankEdge)).toHaveAttribute("data-breaker", "open", { timeout: 10_000 });
  report("slider to breaker open", Date.now() - slid);

  // The caller gave up at its timeout, and its spans say so.
  await until("spans show the wait", 10_000, async () => {
    const slow = await product.traces({ edge: bankEdge, since: slid, minMs: 1_400 });
    return slow.length > 0;
  });

  let refusals: Span[] = [];
  // The first ones had waited in the bulkhead when the breaker opened; those that come later are refused at once.
  await until("refusals are in the traces", 20_000, async () => {
    refusals = await refusedSpans(slid);
    return refusals.length >= 10;
  });
  const durations = refusals.map((span) => span.durationMs).sort((a, b) => a - b);
  const median = durations[Math.floor(durations.length / 2)] ?? Number.NaN;
  report(`median of ${durations.length} calls that the breaker refused`, median);
  expect(median).toBeLessThan(20);
});

test("3. the fault lapses by its lease, and the breaker closes by itself", async () => {
  await expect(edge(bankEdge)).toHaveAttribute("data-faults", "0", { timeout: 35_000 });
  const lapsed = Date.now();
  await expect(edge(bankEdge)).toHaveAttribute("data-breaker", "closed", { timeout: 40_000 });
  report("lease lapsed to breaker closed", Date.now() - lapsed);
  const seen = await breakerStatesSeen();
  expect(seen.at(-1)).toBe("closed");
  expect(seen.at(-2)).toBe("half_open");
});

test("4. inventory killed by click stays as a ghost in its place, and comes back by click", async () => {
  await closeInspector();
  const before = await node("inventory").boundingBox();
  await openNode("inventory");
  const clicked = Date.now();
  await page.getByTestId("action-kill").click();
  await expect(node("inventory")).toHaveAttribute("data-state", "killed", { timeout: 1_000 });
  report("kill to ghost", Date.now() - clicked);
  await expect(node("inventory")).toContainText("137");
  expect(await node("inventory").boundingBox()).toEqual(before);

  await expect(node("gateway")).toHaveAttribute("data-health", /degraded|failing/, { timeout: 10_000 });
  report("kill to degraded caller", Date.now() - clicked);

  const started = Date.now();
  await page.getByTestId("action-start").click();
  await expect(node("inventory")).toHaveAttribute("data-state", "running", { timeout: 20_000 });
  report("start to running", Date.now() - started);
  await expect(node("inventory")).toHaveAttribute("data-health", "ok", { timeout: 40_000 });
  await expect(node("gateway")).toHaveAttribute("data-health", "ok", { timeout: 40_000 });
  report("start to recovered callers", Date.now() - started);
});

test("5. naive: pausing inventory drags down pages that do not need it; hardened, switched on meanwhile, confines it", async () => {
  await page.getByTestId("preset-naive").click();
  await until("naive is calm", 60_000, async () => {
    const { user, system } = await product.state();
    return system.preset === "naive" && (user.successRatio ?? 0) >= 0.99 && (user.p95Ms ?? 1e9) < 500;
  });
  await openNode("inventory");
  await page.getByTestId("action-pause").click();
  await expect(node("inventory")).toHaveAttribute("data-state", "paused");
  const paused = Date.now();
  await until("ten seconds of cascade, and their traces", 60_000, async () => Date.now() > paused + 3_000 + WINDOW_MS);
  const naive = await productPagesServed();

  await page.getByTestId("preset-hardened").click();
  const switched = Date.now();
  let hardened = 0;
  await until("product pages are served again, ten seconds long", 36_000, async () => {
    hardened = Date.now() > switched + WINDOW_MS ? await productPagesServed() : 0;
    return hardened >= 0.99;
  });
  report("hardened to ten good seconds", Date.now() - switched);
  await expect(node("inventory")).toHaveAttribute("data-state", "paused");
  console.log(
    `  product pages served while inventory is paused: naive ${percent(naive)}, hardened ${percent(hardened)}`,
  );
  expect(naive).toBeLessThan(0.5);

  await page.getByTestId("action-unpause").click();
  await expect(node("inventory")).toHaveAttribute("data-health", "ok", { timeout: 30_000 });
  await closeInspector();
});

test("6. the dashboard is killed while a fault is on: the shop serves on, the fault goes, a new start cleans up", async () => {
  test.setTimeout(300_000);
  const answer = await product.command("fault:add", {
    target: { edge: bankEdge },
    type: "latency",
    attributes: { latency: 3_000 },
    leaseMs: 600_000,
  });
  expect(answer).toMatchObject({ ok: true });
  await expect(edge(bankEdge)).toHaveAttribute("data-faults", "1");

  const agent = await agentControl();
  await product.killDashboard();
  const killed = Date.now();
  await expect(page.getByTestId("connection")).not.toHaveAttribute("data-state", "live", { timeout: 15_000 });
  await until("the agent has dropped the fault", 15_000, async () => (await faultsAt(agent)) === 0);
  report("dashboard killed to fault gone", Date.now() - killed);
  const served = await requestsServed(agent, "load->gateway");
  console.log(`  requests served in a second without a dashboard: ${served}`);
  expect(served).toBeGreaterThan(5);

  const { port, dataFolder } = product;
  product = await startProduct(runtime, { port, dataFolder });
  report("second start to running system", product.startMs);
  const { faults, components } = await product.state();
  expect(faults).toEqual({});
  expect(Object.values(components).every((component) => component.state === "running")).toBe(true);
  // The tab that was open all the time finds its way back by itself.
  await expect(page.getByTestId("connection")).toHaveAttribute("data-state", "live", { timeout: 20_000 });
});

test("7. Heal everything brings all back, and says so", async () => {
  await until("users are served again", 60_000, async () => ((await product.state()).user.successRatio ?? 0) >= 0.99);
  await product.command("component:kill", { component: "inventory" });
  await product.command("component:pause", { component: "catalog" });
  await product.command("fault:add", { target: { edge: bankEdge }, type: "latency", attributes: { latency: 2_000 } });
  await expect(node("inventory")).toHaveAttribute("data-state", "killed");
  await expect(node("catalog")).toHaveAttribute("data-state", "paused");
  await expect(edge(bankEdge)).toHaveAttribute("data-faults", "1");

  const clicked = Date.now();
  await page.getByTestId("heal-everything").click();
  await expect(page.getByTestId("heal-result")).toContainText(/healed/i, { timeout: 60_000 });
  report("heal everything to proof", Date.now() - clicked);
  const { components, faults } = await product.state();
  expect(faults).toEqual({});
  expect(Object.values(components).filter((component) => component.state !== "running")).toEqual([]);
});

test("8. Ctrl-C ends everything within ten seconds and leaves nothing", async () => {
  const { port, dataFolder } = product;
  const volumes = runtime === "docker" ? volumesOf(`faultline-${port}`) : [];
  const took = await product.stop();
  report("Ctrl-C to the end", took);
  expect(took).toBeLessThan(10_000);
  expect(processesUsing(dataFolder)).toEqual([]);
  if (runtime === "docker") {
    const label = `label=com.docker.compose.project=faultline-${port}`;
    expect(docker("ps", "-aq", "--filter", label)).toBe("");
    expect(docker("network", "ls", "-q", "--filter", label)).toBe("");
    expect(volumes.length).toBeGreaterThan(0);
    const left = docker("volume", "ls", "-q").split("\n");
    expect(volumes.filter((name) => left.includes(name))).toEqual([]);
  }
});

const node = (id: string): Locator => page.getByTestId(`node-${id}`);
const edge = (id: string): Locator => page.getByTestId(`edge-${id}`);

async function openNode(id: string): Promise<void> {
  await node(id).click();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("inspector")).toContainText(id);
}

async function openEdge(id: string): Promise<void> {
  await edge(id).click();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("inspector")).toBeVisible();
}

async function closeInspector(): Promise<void> {
  await page.keyboard.press("Escape");
}

/** Moves a slider with the keyboard to a value, one large step at a time, then small ones. */
async function slideTo(slider: Locator, value: number): Promise<void> {
  const thumb = slider.getByRole("slider");
  await thumb.focus();
  for (let presses = 0; presses < 100; presses += 1) {
    const now = Number(await thumb.getAttribute("aria-valuenow"));
    if (now === value) return;
    await page.keyboard.press(now < value ? (value - now >= 1_000 ? "PageUp" : "ArrowRight") : "ArrowLeft");
  }
  throw new Error(`the slider did not reach ${value}`);
}

/** Records every value of an edge's breaker as the map draws it. */
async function watchBreaker(id: string): Promise<void> {
  await edge(id).evaluate((element) => {
    const seen: string[] = [element.getAttribute("data-breaker") ?? ""];
    Object.assign(window, { breakerStatesSeen: seen });
    const note = () => {
      const state = element.getAttribute("data-breaker") ?? "";
      if (seen.at(-1) !== state) seen.push(state);
    };
    new MutationObserver(note).observe(element, { attributes: true, attributeFilter: ["data-breaker"] });
  });
}

async function breakerStatesSeen(): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { breakerStatesSeen: string[] }).breakerStatesSeen);
}

/** The calls to the bank that the breaker refused, from traces that began after `since`. */
async function refusedSpans(since: number): Promise<Span[]> {
  const traces = (await product.traces({ service: "payments", status: "error", since })).filter(
    (t) => t.breakerRefused,
  );
  const spans = await Promise.all(traces.slice(0, 10).map(async ({ traceId }) => (await product.trace(traceId)).spans));
  return spans.flat().filter(({ name, attributes }) => name === "call bank" && attributes["error.type"] === "refused");
}

/** Users give up after five seconds, and their spans need a moment: a window is judged when its traces are whole. */
const SETTLE_MS = 6_000;
const WINDOW_MS = 10_000 + SETTLE_MS;

/** Share of product pages that were answered well, in the newest ten seconds whose traces are whole. */
async function productPagesServed(): Promise<number> {
  const from = Date.now() - WINDOW_MS;
  const traces = await product.traces({ service: "load", route: "/products/:id", since: from, limit: 500 });
  const pages = traces.filter((trace) => trace.startedAt < from + 10_000);
  expect(pages.length).toBeGreaterThan(20);
  return pages.filter((trace) => trace.errorCount === 0).length / pages.length;
}

/** Where the agent's control port answers, found without the dashboard's help. */
async function agentControl(): Promise<string> {
  if (runtime === "docker") {
    const project = `label=com.docker.compose.project=faultline-${product.port}`;
    const id = docker("ps", "-q", "--filter", project, "--filter", "name=agent");
    return `http://${docker("port", id, "8474").split("\n")[0]}`;
  }
  const agent = processesUsing(product.dataFolder).find((pid) =>
    execFileSync("ps", ["-o", "args=", "-p", pid], { encoding: "utf8" }).includes("agent/main.ts"),
  );
  const listening = execFileSync("ss", ["-ltnpH"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(`pid=${agent},`))
    .map((line) => `http://${line.trim().split(/\s+/)[3]}`);
  for (const address of listening) {
    const health = await fetch(`${address}/faultline/health`, { signal: AbortSignal.timeout(500) }).catch(() => null);
    if (health?.ok && "instance" in ((await health.json()) as object)) return address;
  }
  throw new Error("the agent's control port was not found");
}

async function faultsAt(agent: string): Promise<number> {
  return ((await (await fetch(`${agent}/faultline/faults`)).json()) as unknown[]).length;
}

/** Requests that an edge finished in about a second, counted from the agent's own stream. */
async function requestsServed(agent: string, edgeId: string): Promise<number> {
  const abort = AbortSignal.timeout(1_200);
  let text = "";
  try {
    const stream = await fetch(`${agent}/faultline/stream`, { signal: abort });
    for await (const chunk of stream.body ?? []) text += Buffer.from(chunk).toString("latin1");
  } catch {
    // The second is over.
  }
  return [...text.matchAll(/\{"id":"([^"]+)"[^{}]*?"requests":(\d+)/g)]
    .filter((match) => match[1] === edgeId)
    .reduce((sum, match) => sum + Number(match[2]), 0);
}

/** Also the anonymous ones, which carry no label. */
function volumesOf(project: string): string[] {
  const ids = docker("ps", "-aq", "--filter", `label=com.docker.compose.project=${project}`).split("\n");
  return docker("inspect", "-f", "{{range .Mounts}}{{.Name}} {{end}}", ...ids)
    .split(/\s+/)
    .filter(Boolean);
}

function docker(...args: string[]): string {
  return execFileSync("docker", args, { encoding: "utf8" }).trim();
}

function report(what: string, ms: number): void {
  console.log(`  ${what}: ${ms < 100 ? ms.toFixed(1) : Math.round(ms)} ms`);
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}
