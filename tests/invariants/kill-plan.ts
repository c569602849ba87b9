import { createRandom } from "../../agent/seeded-random.ts";

/** One blow: these components get SIGKILL together, so long after the blow before, and are started again after a while. */
export type Blow = { pauseMs: number; components: string[]; reviveAfterMs: number };

const LONGEST_PAUSE_MS = 2_000;
const SHORTEST_DOWN_MS = 200;
const LONGEST_DOWN_MS = 3_000;
/** Share of blows that hit two at once. */
const TWO_AT_ONCE = 0.2;

/**
 * Rounds of blows with `killsPerRound` kills each, the same for the same seed. Nobody is killed who is still down: who is
 * hit, and when, is drawn without looking at the running system.
 */
export function planKills(
  seed: number,
  { kills, killsPerRound, components }: { kills: number; killsPerRound: number; components: string[] },
): Blow[][] {
  const random = createRandom(seed);
  const between = (low: number, high: number) => Math.round(low + random() * (high - low));
  const rounds: Blow[][] = [];
  for (let left = kills; left > 0; left -= killsPerRound) rounds.push(planRound(Math.min(left, killsPerRound)));
  return rounds;

  function planRound(count: number): Blow[] {
    const blows: Blow[] = [];
    const backAt = new Map<string, number>();
    let now = 0;
    for (let left = count; left > 0; ) {
      const pauseMs = between(0, LONGEST_PAUSE_MS);
      now += pauseMs;
      const reviveAfterMs = between(SHORTEST_DOWN_MS, LONGEST_DOWN_MS);
      const hit: string[] = [];
      for (let wanted = left > 1 && random() < TWO_AT_ONCE ? 2 : 1; wanted > 0; wanted--) {
        const alive = components.filter((id) => (backAt.get(id) ?? 0) <= now);
        const victim = alive[Math.floor(random() * alive.length)];
        if (!victim) break;
        backAt.set(victim, now + reviveAfterMs);
        hit.push(victim);
      }
      left -= hit.length;
      blows.push({ pauseMs, components: hit, reviveAfterMs });
    }
    return blows;
  }
}
