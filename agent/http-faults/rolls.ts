import type { MeasuredRate } from "#contract/agent-api.ts";
import { createRandom } from "../seeded-random.ts";
import type { Fate, HttpFault } from "./http-fault.ts";

/*
 * The HTTP faults that hold on one edge, and which requests they hit: each fault rolls once for each request, in the
 * order in which the requests' heads arrive on the edge, whatever connection they come on.
 */
export type PlacedHttpFault = {
  id: string;
  httpFault: HttpFault<unknown>;
  settings: unknown;
  /** Share of requests hit. */
  rate: number;
  seed: number;
};

export type Hit = { id: string; type: string; roll: number };

export type Rolls = {
  place(fault: PlacedHttpFault): void;
  change(id: string, settings: unknown): void;
  remove(id: string): void;
  readonly placed: PlacedHttpFault[];
  readonly any: boolean;
  readonly measured: MeasuredRate[];
  /** For the next request: those that hit it, in the order in which they were placed. */
  next(): Hit[];
  /** Under the settings of now; nothing when the fault holds no more. */
  toFate(hit: Hit): Fate;
};

/** Any odd constant that spreads the seeds of one fault's requests. */
const SEED_STEP = 0x9e3779b1;

export function createRolls(): Rolls {
  const placed = new Map<string, PlacedHttpFault & MeasuredRate>();
  return {
    place(fault) {
      placed.set(fault.id, { ...fault, met: 0, hit: 0 });
    },
    change(id, settings) {
      const fault = placed.get(id);
      if (fault) fault.settings = settings;
    },
    remove(id) {
      placed.delete(id);
    },
    get placed() {
      return [...placed.values()];
    },
    get any() {
      return placed.size > 0;
    },
    get measured() {
      return [...placed.values()].map(({ id, met, hit }) => ({ id, met, hit }));
    },
    next() {
      const hits: Hit[] = [];
      for (const fault of placed.values()) {
        const random = createRandom(fault.seed + Math.imul(fault.met++, SEED_STEP));
        if (random() >= fault.rate) continue;
        fault.hit++;
        hits.push({ id: fault.id, type: fault.httpFault.type, roll: random() });
      }
      return hits;
    },
    toFate({ id, roll }) {
      const held = placed.get(id);
      return held ? held.httpFault.toFate(held.settings, roll) : {};
    },
  };
}
