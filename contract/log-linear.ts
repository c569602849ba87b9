/**
 * Log-linear histogram buckets for durations, shared by the agent, which fills them, and the dashboard, which merges
 * them. Each power of two is cut into 32 equal parts, so a bucket is at most 1/32 wide relative to its lower bound and
 * its middle is at most 1.6 % away from any value in it. Values are microseconds; 0 to 31 µs have a bucket each;
 * everything over MAX_MICROS (about 19 hours) falls into the last one.
 */
const PARTS_LOG2 = 5;
const PARTS = 1 << PARTS_LOG2;
const MAX_MICROS = 2 ** 36;

export type SparseHistogram = [bucket: number, count: number][];

/** The bucket of a duration in microseconds. */
export function toBucket(micros: number): number {
  const value = Math.min(Math.max(0, Math.floor(micros)), MAX_MICROS);
  if (value < PARTS) return value;
  const exponent = Math.floor(Math.log2(value));
  const part = Math.floor(value / 2 ** (exponent - PARTS_LOG2)) - PARTS;
  return (exponent - PARTS_LOG2 + 1) * PARTS + part;
}

/** The middle of a bucket, in microseconds. */
export function fromBucket(bucket: number): number {
  if (bucket < PARTS) return bucket;
  const shift = Math.floor(bucket / PARTS) - 1;
  const part = (bucket % PARTS) + PARTS;
  return (part + 0.5) * 2 ** shift;
}
