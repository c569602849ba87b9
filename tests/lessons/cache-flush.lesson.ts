import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import type { Shop } from "./shop.ts";

/** Every page that ended up in catalog's database within the seconds after the cache was emptied, by what was read. */
async function readsAfterFlush(shop: Shop): Promise<number[]> {
  await shop.break("catalog->catalog-db", "latency", { latency: 200 });
  await shop.command("component:restart", { component: "cache" });
  const users = await shop.users(await shop.watch(3_000));
  const reads = new Map<string, number>();
  for (const { service, attributes } of (await shop.spans(users)).flat()) {
    if (service !== "catalog" || attributes["cache.usage"] !== "miss") continue;
    const what = String(attributes["url.path"]);
    reads.set(what, (reads.get(what) ?? 0) + 1);
  }
  console.log(reads);
  return [...reads.values()];
}

export const lesson: Lesson = {
  title: "cache, flush",
  async naive(shop) {
    expect(Math.max(...(await readsAfterFlush(shop)))).toBeGreaterThan(3);
  },
  async hardened(shop) {
    expect(Math.max(...(await readsAfterFlush(shop)))).toBeLessThanOrEqual(2);
  },
};
