import { backoffMs } from "../backoff.ts";
import type { Database } from "../database.ts";
import { log, toReason } from "../log.ts";
import type { Bus } from "./bus.ts";
import { relayOutbox } from "./outbox.ts";
import { sendInSpan } from "./spans.ts";

/** Messages taken from the outbox at once. */
const BATCH = 50;
/** How long a row may lie that nobody told us of: one that an earlier process left, or that could not be published. */
const POLL_MS = 200;

/*
 * Publishes what the outbox holds, oldest first, and forgets each row once the bus has confirmed it:
 *
 *   commit ─ kick ─▶ outbox ── at most BATCH ──▶ bus ── confirmed ──▶ DELETE
 *            POLL_MS ─┘
 *
 * A relay that dies between the two publishes again: at least once.
 */
export function startRelay({ database, bus }: { database: Database; bus: Bus }) {
  let closed = false;
  let kicked = false;
  let wake = () => {};
  /** Attempts that failed since the last that did not. */
  let failures = 0;

  async function run() {
    while (!closed) {
      kicked = false;
      if (!(await relayOnce())) await rest(failures > 0 ? backoffMs(failures - 1) : POLL_MS);
    }
  }

  /** True when there may be more. */
  async function relayOnce(): Promise<boolean> {
    if (bus.waitingFor() !== null || database.waitingFor() !== null) return false;
    try {
      const { found, taken } = await relayOutbox(database, BATCH, ({ message, headers }) =>
        sendInSpan(bus, message, headers),
      );
      failures = taken < found ? failures + 1 : 0;
      return failures === 0 && (found === BATCH || kicked);
    } catch (error) {
      if (failures === 0 && !closed) log(`the outbox waits: ${toReason(error)}`);
      failures += 1;
      return false;
    }
  }

  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (closed) return resolve();
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  const running = run();

  return {
    /** There is something in the outbox. While the bus fails it waits for its turn all the same. */
    kick() {
      kicked = true;
      if (failures === 0) wake();
    },
    /** Ends after what it is at. */
    async close() {
      closed = true;
      wake();
      await running;
    },
  };
}
