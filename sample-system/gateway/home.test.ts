import { expect, test } from "vitest";
import { CallError } from "../kit/calls/call-error.ts";
import type { CallAnswer } from "../kit/calls/http-call.ts";
import { createHome } from "./home.ts";

const milk = { sku: "milk", name: "Milk", priceCents: 139 };

function callee(body: unknown, fallback = true) {
  const state = { up: true };
  return Object.assign(state, {
    async call(): Promise<CallAnswer> {
      if (!state.up) throw new CallError("it", "unreachable", "gone");
      return { status: 200, body };
    },
    withFallback: <T>(ask: () => Promise<T>, instead: () => T) =>
      ask().catch((error: unknown) => {
        if (!fallback) throw error;
        return instead();
      }),
  });
}
const catalog = (fallback = true) => callee({ products: [milk] }, fallback);
const inventory = (fallback = true) => callee({ availability: [{ sku: "milk", available: 7 }] }, fallback);

test("puts list and stock together", async () => {
  const home = createHome({ catalog: catalog(), inventory: inventory() });
  expect(await home()).toEqual({ products: [{ ...milk, available: 7 }], degraded: [] });
});

test("without inventory only the badges are missing", async () => {
  const gone = Object.assign(inventory(), { up: false });
  const home = createHome({ catalog: catalog(), inventory: gone });
  expect(await home()).toEqual({ products: [{ ...milk, available: null }], degraded: ["no_stock"] });
});

test("without catalog the last list is shown; before there was one, the page fails", async () => {
  const shelf = Object.assign(catalog(), { up: false });
  const home = createHome({ catalog: shelf, inventory: inventory() });
  await expect(home()).rejects.toThrow("no older list");
  shelf.up = true;
  await home();
  shelf.up = false;
  expect(await home()).toEqual({ products: [{ ...milk, available: 7 }], degraded: ["stale_products"] });
});

test("with fallbacks off, either failure fails the page", async () => {
  const gone = Object.assign(inventory(false), { up: false });
  await expect(createHome({ catalog: catalog(false), inventory: gone })()).rejects.toThrow("gone");
});
