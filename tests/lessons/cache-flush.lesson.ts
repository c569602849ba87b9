import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { type Shop, wait } from "./shop.ts";

/** The most queries a second on catalog's database in the seconds after the cache was emptied, over those before. */
async function rise(shop: Shop): Promise<number> {
  await shop.load(50);
  await wait(6_000);
  const rate = async () => (await shop.edge("catalog->catalog-db")).ratePerSecond;
  const before = Math.max(await rate(), 0.5);
  await shop.command("component:restart", { component: "cache" });
  let most = 0;
  for (let look = 0; look < 20; look += 1) {
    await wait(200);
    most = Math.max(most, await rate());
  }
  return most / before;
}

export const lesson: Lesson = {
  title: "cache, flush",
  async naive(shop) {
    expect(await rise(shop)).toBeGreaterThan(2);
  },
  async hardened(shop) {
    expect(await rise(shop)).toBeLessThan(3);
  },
};
