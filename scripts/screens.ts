// `npm run screens`: takes the pictures under docs/screens/ from the running product, never from made-up data.
//   map calm · breaker open · ghost, each in every theme, and the trace list and a waterfall
// `npm run screens -- docker` takes them from the containers instead of the local processes.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "@playwright/test";
import type { RuntimeKind } from "#contract/state.ts";
import { type Product, startProduct, until } from "../tests/e2e/product.ts";

const themes = ["dark", "light", "projector"];
const size = { width: 1440, height: 900 };
const bankEdge = "payments->bank";
const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), "docs", "screens");
mkdirSync(folder, { recursive: true });

const product = await startProduct((process.argv[2] ?? "process") as RuntimeKind);
const browser = await chromium.launch({
  ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-quic"],
});
try {
  const pages = await Promise.all(themes.map((theme) => open(browser, product, theme)));

  await until("it is calm", 60_000, async () => {
    const { user, components } = await product.state();
    return (
      (user.successRatio ?? 0) >= 0.999 &&
      Object.values(components).every(({ health }) => health === "ok" || health === "idle")
    );
  });
  await shoot(pages, "calm");

  for (const page of pages) {
    await page.getByTestId(`edge-${bankEdge}`).click();
    await page.keyboard.press("Enter");
  }
  await product.command("fault:add", {
    target: { edge: bankEdge },
    type: "latency",
    attributes: { latency: 3_000 },
    leaseMs: 60_000,
  });
  for (const page of pages) await page.locator(`[data-testid="edge-${bankEdge}"][data-breaker="open"]`).waitFor();
  await shoot(pages, "breaker-open");
  await product.command("heal:everything", {});

  for (const page of pages) await page.keyboard.press("Escape");
  await product.command("component:kill", { component: "inventory" });
  await until("the callers have noticed", 20_000, async () => {
    const { components } = await product.state();
    return components.gateway?.health !== "ok";
  });
  await shoot(pages, "ghost");
  await product.command("heal:everything", {});

  for (const page of pages) await page.getByRole("link", { name: "Traces" }).click();
  for (const page of pages) await page.getByTestId("trace-row").first().waitFor();
  await shoot(pages, "traces");
  const checkout = (await product.traces({ service: "load", route: "/checkout", limit: 1 }))[0];
  for (const page of pages) {
    await page.goto(`${product.url}/traces/${checkout?.traceId}`);
    await page.getByTestId("waterfall").waitFor();
  }
  await shoot(pages, "waterfall");
} finally {
  await browser.close();
  await product.stop();
}

async function open(chrome: Browser, { url }: Product, theme: string): Promise<Page> {
  const context = await chrome.newContext({ viewport: size });
  await context.addInitScript((name) => localStorage.setItem("faultline.theme", name), theme);
  const page = await context.newPage();
  await page.goto(url);
  await page.getByTestId("user-success").waitFor();
  return page;
}

async function shoot(pages: Page[], name: string): Promise<void> {
  for (const [i, page] of pages.entries()) {
    await page.screenshot({ path: join(folder, `${name}-${themes[i]}.png`) });
    console.log(`${name}, ${themes[i]}`);
  }
}
