import { fromBucket, type SparseHistogram, toBucket } from "#contract/log-linear.ts";

/*
 * Rate, errors and durations over a rolling window: a ring of seconds, each with its counts and a sparse log-linear
 * histogram; reading merges the newest seconds of one window or of several.
 *
 *   second   …  41   42   43   44 (now, not full)
 *   ring      [ ■ ][ ■ ][ ■ ][ ▪ ]  ─▶ counts and percentiles over all of them, the rate over the full ones only
 *
 * Bounds: `seconds` slots a window, each with at most one entry per histogram bucket (about 1,050).
 */
export type RedSample = {
  count: number;
  /** Among `count`: those that failed, and those refused with 4xx. */
  errors: number;
  clientErrors: number;
  latency: SparseHistogram;
};

export type RedReading = {
  count: number;
  errors: number;
  clientErrors: number;
  ratePerSecond: number;
  /** null where no duration was measured. */
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  /** The slowest but one: what a single outlier cannot move. */
  nextToSlowestMs: number | null;
};

type Second = { at: number; count: number; errors: number; clientErrors: number; latency: Map<number, number> };

/** Long enough for every figure on the map; the charts' five minutes come with their own reader. */
const DEFAULT_SECONDS = 30;

export class RedWindow {
  private readonly ring: (Second | undefined)[];
  private firstSecond = Number.POSITIVE_INFINITY;

  constructor(seconds = DEFAULT_SECONDS) {
    this.ring = new Array(seconds);
  }

  /** `atMs`: epoch ms at which the calls ended. What is older than the ring is ignored. */
  add(atMs: number, sample: RedSample): void {
    const second = this.secondOf(atMs);
    if (second === null) return;
    second.count += sample.count;
    second.errors += sample.errors;
    second.clientErrors += sample.clientErrors;
    for (const [bucket, count] of sample.latency) {
      second.latency.set(bucket, (second.latency.get(bucket) ?? 0) + count);
    }
  }

  /** One call. `micros` is null where its duration says nothing. */
  addCall(atMs: number, micros: number | null, failed: boolean, clientError = false): void {
    const second = this.secondOf(atMs);
    if (second === null) return;
    second.count++;
    if (failed) second.errors++;
    else if (clientError) second.clientErrors++;
    if (micros === null) return;
    const bucket = toBucket(micros);
    second.latency.set(bucket, (second.latency.get(bucket) ?? 0) + 1);
  }

  /** The seconds from `from` to `to`, those that hold something. */
  *between(from: number, to: number): Generator<Second> {
    for (let at = from; at <= to; at++) {
      const second = this.ring[at % this.ring.length];
      if (second?.at === at) yield second;
    }
  }

  /** The second in which this window first received anything; infinite before. */
  get since(): number {
    return this.firstSecond;
  }

  private secondOf(atMs: number): Second | null {
    const at = Math.floor(atMs / 1_000);
    const slot = at % this.ring.length;
    let second = this.ring[slot];
    if (second === undefined || second.at < at) {
      second = { at, count: 0, errors: 0, clientErrors: 0, latency: new Map() };
      this.ring[slot] = second;
      this.firstSecond = Math.min(this.firstSecond, at);
    }
    return second.at === at ? second : null;
  }
}

const BUCKETS = toBucket(Number.MAX_SAFE_INTEGER) + 1;
const merged = new Float64Array(BUCKETS);

/**
 * Merges the last `seconds` of some windows. `waitingMs`: ages of requests that have not been answered yet, each counted
 * among the durations as what it is at least; they are not part of `count`.
 */
export function readRed(windows: RedWindow[], nowMs: number, seconds: number, waitingMs: number[] = []): RedReading {
  const now = Math.floor(nowMs / 1_000);
  const from = now - seconds;
  const reading: RedReading = {
    count: 0,
    errors: 0,
    clientErrors: 0,
    ratePerSecond: 0,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    nextToSlowestMs: null,
  };
  let full = 0;
  let durations = 0;
  let since = Number.POSITIVE_INFINITY;
  merged.fill(0);
  for (const window of windows) {
    since = Math.min(since, window.since);
    for (const second of window.between(from, now)) {
      if (second.at < now) full += second.count;
      // The oldest second only completes the rate.
      if (second.at === from) continue;
      reading.count += second.count;
      reading.errors += second.errors;
      reading.clientErrors += second.clientErrors;
      for (const [bucket, count] of second.latency) {
        merged[bucket] = (merged[bucket] as number) + count;
        durations += count;
      }
    }
  }
  for (const ageMs of waitingMs) {
    const bucket = toBucket(ageMs * 1_000);
    merged[bucket] = (merged[bucket] as number) + 1;
    durations++;
  }
  // A window younger than asked for is divided by its own age, so that rates do not creep up from 0.
  const elapsed = Math.min(seconds, now - since);
  if (elapsed > 0) reading.ratePerSecond = full / elapsed;
  if (durations > 0) {
    reading.p50Ms = percentileMs(0.5, durations);
    reading.p95Ms = percentileMs(0.95, durations);
    reading.p99Ms = percentileMs(0.99, durations);
    if (durations > 1) reading.nextToSlowestMs = atRankMs(durations - 1);
  }
  return reading;
}

/** Nearest rank over `merged`. */
function percentileMs(quantile: number, durations: number): number {
  return atRankMs(Math.ceil(quantile * durations));
}

function atRankMs(rank: number): number {
  let left = rank;
  let bucket = 0;
  while (bucket < BUCKETS - 1) {
    left -= merged[bucket] as number;
    if (left <= 0) break;
    bucket++;
  }
  return fromBucket(bucket) / 1_000;
}
