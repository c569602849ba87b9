import type { ServerResponse } from "node:http";
import type { AgentEvent, EdgeStats } from "#contract/agent-api.ts";
import { type Frame, type OtlpKind, toEventFrame, toOtlpFrame } from "./frame.ts";
import { createOtlpQueue } from "./otlp-queue.ts";

/*
 * The road back to the dashboard: frames as in contract/agent-api.ts, one reader at a time.
 *
 *   tell(event) ──▶ events, only while there is a reader ──▶┐
 *   relay(OTLP) ──▶ otlp queue, oldest dropped and counted ─┴▶ reader, as fast as it reads, events first
 */
export type DashboardStream = {
  /** Makes this answer the stream; the reader before it is closed. `hello` is its first frame. */
  attach(response: ServerResponse, hello: AgentEvent): void;
  tell(event: AgentEvent): void;
  relay(kind: OtlpKind, flags: number, body: Buffer): void;
  /** Tells the stats, if a reader is there and keeps up; else they are left to add up. */
  tick(takeStats: () => EdgeStats[]): void;
  close(): void;
};

/** A reader that leaves this many events lying is closed; the next one gets the whole state with `hello`. */
const EVENTS_LIMIT = 1_000;

export function createDashboardStream(): DashboardStream {
  const otlp = createOtlpQueue();
  let events: Frame[] = [];
  let reader: ServerResponse | null = null;

  function pump(): void {
    while (reader && !reader.writableNeedDrain) {
      const frame = events.shift() ?? otlp.shift();
      if (!frame) return;
      write(reader, frame);
    }
  }

  function forgetReader(): void {
    reader = null;
    events = [];
  }

  function tell(event: AgentEvent): void {
    if (!reader) return;
    events.push(toEventFrame(event));
    if (events.length > EVENTS_LIMIT) reader.destroy();
    else pump();
  }

  return {
    attach(response, hello) {
      reader?.destroy();
      forgetReader();
      response.writeHead(200, { "content-type": "application/octet-stream", "cache-control": "no-store" });
      response.on("drain", pump);
      response.on("error", () => {});
      response.on("close", () => {
        if (reader === response) forgetReader();
      });
      reader = response;
      write(response, toEventFrame(hello));
      pump();
    },
    tell,
    relay(kind, flags, body) {
      otlp.push(toOtlpFrame(kind, flags, body));
      pump();
    },
    tick(takeStats) {
      if (!reader || events.length > 0 || reader.writableNeedDrain) return;
      const dropped = otlp.takeDropped();
      if (dropped) tell({ type: "dropped", at: Date.now(), ...dropped });
      tell({ type: "stats", at: Date.now(), edges: takeStats() });
    },
    close() {
      reader?.destroy();
      forgetReader();
    },
  };
}

/** In one piece: a corked answer can ask for a drain that its socket never needs, and then waits for ever. */
function write(response: ServerResponse, { head, body }: Frame): void {
  response.write(body.length > 0 ? Buffer.concat([head, body]) : head);
}
