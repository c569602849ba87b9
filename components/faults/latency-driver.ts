/*
 * One gesture, few commands: the slider calls `set` for every pixel, the driver sends one command at a time.
 *
 *   set(120) set(400) set(900) …   ─▶ fault:add 120 ──answer──▶ fault:update 900
 *   set(0)                         ─▶ fault:remove
 *
 * While a command is under way only the newest wish is kept. A fault that lapsed meanwhile is added anew.
 */

export type LatencyPort = {
  /** The latency fault that holds or is pending on the edge now. */
  current(): { id: string } | null;
  /** Answers the new fault's id, or null when refused. */
  add(latencyMs: number): Promise<string | null>;
  /** Answers whether the fault still existed. */
  update(id: string, latencyMs: number): Promise<boolean>;
  remove(id: string): Promise<void>;
};

export type LatencyDriver = {
  set(latencyMs: number): void;
  /** Resolves when the newest wish has been sent and answered. */
  settled(): Promise<void>;
};

/** Time between two commands: ten steps a second feel immediate, and the event list stays readable. */
const PACE_MS = 100;

export function createLatencyDriver(port: LatencyPort, pause: () => Promise<void> = defaultPause): LatencyDriver {
  let wish: number | null = null;
  let running: Promise<void> | null = null;
  /** Known before the picture shows it: the id that the last add answered. */
  let added: string | null = null;

  async function send(latencyMs: number): Promise<void> {
    const id = port.current()?.id ?? added;
    if (latencyMs === 0) {
      added = null;
      if (id) await port.remove(id);
      return;
    }
    if (id && (await port.update(id, latencyMs))) return;
    added = await port.add(latencyMs);
  }

  async function run(): Promise<void> {
    while (wish !== null) {
      const latencyMs = wish;
      wish = null;
      await send(latencyMs);
      await pause();
    }
    running = null;
  }

  return {
    set(latencyMs) {
      wish = latencyMs;
      running ??= run();
    },
    settled: () => running ?? Promise.resolve(),
  };
}

function defaultPause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PACE_MS));
}
