/** A token bucket: a burst of `perSecond`, refilled evenly. Answers whether one more is allowed now. */
export function createRateLimit(perSecond: number, now: () => number = Date.now): () => boolean {
  let tokens = perSecond;
  let at = now();
  return () => {
    const time = now();
    tokens = Math.min(perSecond, tokens + ((time - at) / 1_000) * perSecond);
    at = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
