// Plays every lesson: without the patterns, then with them, on the same product and the same sequence of customers.
import { afterAll, beforeAll, describe, onTestFailed, test } from "vitest";
import type { RuntimeKind } from "#contract/state.ts";
import { type Product, startProduct } from "../e2e/product.ts";
import type { Lesson } from "./lesson.ts";
import { createShop, type Shop } from "./shop.ts";

/** What the dashboard's log said last, when a lesson fails. */
const TOLD_EVENTS = 25;

const runtime = (process.env.FAULTLINE_RUNTIME ?? "process") as RuntimeKind;
const files = import.meta.glob<{ lesson: Lesson }>("./*.lesson.ts", { eager: true });
const lessons = Object.values(files)
  .map(({ lesson }) => lesson)
  .filter(({ starred }) => runtime === "process" || starred);

let product: Product;
let shop: Shop;
beforeAll(async () => {
  product = await startProduct(runtime);
  shop = createShop(product);
});
afterAll(() => product?.stop());

describe.each(lessons)("$title", (lesson) => {
  for (const preset of ["naive", "hardened"] as const) {
    const play = lesson[preset];
    if (!play) continue;
    test(preset, async () => {
      onTestFailed(tellEvents);
      await shop.begin(preset);
      await play(shop);
    });
  }
});

async function tellEvents() {
  const { events, user, at } = await product.state();
  const lines = events.slice(-TOLD_EVENTS).map((event) => `  ${((event.at - at) / 1_000).toFixed(1)} s  ${event.text}`);
  console.log(`${lines.join("\n")}\n  users: ${JSON.stringify(user)}`);
}
