import { expect, test } from "vitest";
import { CallError } from "../kit/calls/call-error.ts";
import type { CallAnswer } from "../kit/calls/http-call.ts";
import { createHome } from "./home.ts";

const milk = { sku: "milk", name: "Milk", priceCents: 139 };
const quote = { cents: 405, days: 2 };

/** A shop whose services answer unless they are down; with or without fallbacks. */
function openShop({ fallback = true, badge = null as number | null } = {}) {
  const down = new Set<string>();
  const asked: string[] = [];
  async function ask(callee: string, what: unknown) {
    asked.push(`${callee} ${JSON.stringify(what)}`);
    await Promise.resolve();
    if (down.has(callee)) throw new CallError(callee, "unreachable", `${callee} is gone`);
  }
  const withFallback = <T>(attempt: () => Promise<T>, instead: () => T) =>
    attempt().catch((error: unknown) => {
      if (!fallback) throw error;
      return instead();
    });
  const http = (callee: string, body: unknown) => ({
    withFallback,
    async call({ path }: { path: string }): Promise<CallAnswer> {
      await ask(callee, path);
      return { status: 200, body };
    },
  });
  const inventory = {
    withFallback,
    async call(method: string, request: object) {
      await ask("inventory", { method, ...request });
      return { items: [{ sku: "milk", available: 7 }] };
    },
  };
  const home = createHome({
    catalog: http("catalog", { products: [{ ...milk, available: badge }] }),
    inventory,
    shipping: http("shipping", quote),
    policies: { edge: () => ({ fallback: { enabled: fallback } }) },
  });
  return { home, down, asked };
}

test("puts list, stock and quote together", async () => {
  const { home, asked } = openShop();
  expect(await home.page()).toEqual({ products: [{ ...milk, available: 7 }], shipping: quote, degraded: [] });
  expect(asked).toEqual([
    'catalog "/products"',
    'inventory {"method":"GetAvailability","skus":["milk"]}',
    'shipping "/quote?sku=milk&quantity=1"',
  ]);
});

test.each([
  ["inventory", null, { products: [{ ...milk, available: null }], shipping: quote, degraded: ["no_stock"] }],
  ["inventory", 5, { products: [{ ...milk, available: 5 }], shipping: quote, degraded: ["replicated_stock"] }],
  ["shipping", 5, { products: [{ ...milk, available: 7 }], shipping: null, degraded: ["no_quote"] }],
])("without %s, with the catalog's badge %j, the rest of the page is there", async (callee, badge, page) => {
  const { home, down } = openShop({ badge });
  down.add(callee);
  expect(await home.page()).toEqual(page);
});

test("without catalog the last list is shown; before there was one, and after a reset, the page fails", async () => {
  const { home, down } = openShop();
  down.add("catalog");
  await expect(home.page()).rejects.toThrow("no older one");
  down.clear();
  await home.page();
  down.add("catalog");
  expect(await home.page()).toEqual({
    products: [{ ...milk, available: 7 }],
    shipping: quote,
    degraded: ["stale_products"],
  });
  home.reset();
  await expect(home.page()).rejects.toThrow("no older one");
});

test("without anyone the last list is still a page", async () => {
  const { home, down } = openShop();
  await home.page();
  for (const callee of ["catalog", "inventory", "shipping"]) down.add(callee);
  expect((await home.page()).degraded).toEqual(["stale_products", "no_stock", "no_quote"]);
});

test.each(["catalog", "inventory", "shipping"])("with fallbacks off, %s alone fails the page", async (callee) => {
  const { home, down, asked } = openShop({ fallback: false });
  await home.page();
  down.add(callee);
  asked.length = 0;
  await expect(home.page()).rejects.toThrow(`${callee} is gone`);
  expect(asked.at(-1)).toContain(callee);
});
