import type { EdgeStats } from "#contract/agent-api.ts";
import { toBucket } from "#contract/log-linear.ts";

/** What stands open on the edge at the end of an interval. */
export type EdgeOpen = { connections: number; inFlight: number; oldestMs: number };

/** Counts what happens on one edge, from one `take` to the next. */
export type EdgeCounter = {
  connected(): void;
  connectFailed(): void;
  bytesUp(count: number): void;
  bytesDown(count: number): void;
  /** A request was answered in full, `latencyMs` after its first byte. */
  answered(status: number, latencyMs: number): void;
  /** A request's connection ended before its answer was complete, `waitedMs` after the request's first byte. */
  unanswered(waitedMs: number): void;
  /** The counts since the last `take`, or null when nothing happened and nothing stands open. */
  take(open: EdgeOpen): EdgeStats | null;
};

const zero = {
  connections: 0,
  connectErrors: 0,
  bytesUp: 0,
  bytesDown: 0,
  requests: 0,
  clientErrors: 0,
  serverErrors: 0,
  unanswered: 0,
};

export function createEdgeCounter(id: string): EdgeCounter {
  let counts = { ...zero };
  let latency = new Map<number, number>();
  const lasted = (ms: number) => {
    const bucket = toBucket(ms * 1_000);
    latency.set(bucket, (latency.get(bucket) ?? 0) + 1);
  };

  return {
    connected() {
      counts.connections++;
    },
    connectFailed() {
      counts.connectErrors++;
    },
    bytesUp(count) {
      counts.bytesUp += count;
    },
    bytesDown(count) {
      counts.bytesDown += count;
    },
    answered(status, latencyMs) {
      counts.requests++;
      if (status >= 500) counts.serverErrors++;
      else if (status >= 400) counts.clientErrors++;
      lasted(latencyMs);
    },
    unanswered(waitedMs) {
      counts.requests++;
      counts.unanswered++;
      lasted(waitedMs);
    },
    take(open) {
      const quiet = open.connections === 0 && Object.values(counts).every((count) => count === 0);
      if (quiet) return null;
      const stats: EdgeStats = {
        id,
        openConnections: open.connections,
        ...counts,
        latency: [...latency],
        inFlight: open.inFlight,
        oldestMs: open.oldestMs,
      };
      counts = { ...zero };
      latency = new Map();
      return stats;
    },
  };
}
