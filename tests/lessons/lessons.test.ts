// Plays every lesson: without the patterns, then with them, on the same product and the same sequence of customers.
import { afterAll, beforeAll, describe, test } from "vitest";
import type { RuntimeKind } from "#contract/state.ts";
import { type Product, startProduct } from "../e2e/product.ts";
import type { Lesson } from "./lesson.ts";
import { createShop, type Shop } from "./shop.ts";

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
      await shop.begin(preset);
      await play(shop);
    });
  }
});
