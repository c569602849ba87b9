import { expect } from "vitest";
import type { Span } from "#contract/traces.ts";
import type { Lesson } from "./lesson.ts";
import { report, type Shop, wait } from "./shop.ts";

/** Enough for several to want the same page at once. */
const LOAD = 40;
const FLUSHES = 4;
const APART_MS = 1_500;

type Read = { page: string; from: number; to: number };

/** What catalog asked its database each time that the cache was emptied. */
async function readsAfterFlushes(shop: Shop): Promise<Read[]> {
  // What a cache is there for: a database that takes its time.
  await shop.break("catalog->catalog-db", "latency", { latency: 100 });
  await shop.load(LOAD);
  await wait(2_000);
  const from = Date.now();
  for (let flush = 0; flush < FLUSHES; flush += 1) {
    await shop.command("component:restart", { component: "cache" });
    await wait(APART_MS);
  }
  const reads = (await shop.spans(await shop.users({ from, to: Date.now() }))).flatMap(toReads);
  expect(reads.length).toBeGreaterThan(FLUSHES);
  return reads;
}

function toReads(spans: Span[]): Read[] {
  const pages = new Map(spans.map(({ spanId, attributes }) => [spanId, attributes["url.path"]]));
  return spans.flatMap(({ service, kind, name, parentSpanId, startMs, durationMs }) => {
    const page = pages.get(parentSpanId ?? "");
    const isRead =
      service === "catalog" && kind === "client" && name.startsWith("pg.query:SELECT") && page !== undefined;
    return isRead ? [{ page: String(page), from: startMs, to: startMs + durationMs }] : [];
  });
}

/** Reads of what was being read already: the stampede. */
function needless(reads: Read[]): Read[] {
  return reads.filter(({ page, from }) =>
    reads.some((other) => other.page === page && other.from < from && from < other.to),
  );
}

export const lesson: Lesson = {
  title: "cache, flush",
  async naive(shop) {
    const reads = await readsAfterFlushes(shop);
    report("reads, of them needless", reads.length, needless(reads).length);
    expect(needless(reads).length).toBeGreaterThanOrEqual(FLUSHES);
  },
  async hardened(shop) {
    const reads = await readsAfterFlushes(shop);
    report("reads, of them needless", reads.length, needless(reads).length);
    expect(needless(reads)).toEqual([]);
  },
};
