import type { ServerResponse } from "node:http";
import { type AgentEvent, type EdgeStats, FRAME_HEADER_BYTES, frameKinds } from "#contract/agent-api.ts";

/*
 * The road back to the dashboard: frames as in contract/agent-api.ts, one reader at a time.
 *
 *   relay(OTLP) ──▶ queue, oldest dropped and counted ──┐
 *   tell(event) ──▶ queue, only while there is a reader ┴─▶ reader, as fast as it reads
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

export type OtlpKind = Exclude<(typeof frameKinds)[keyof typeof frameKinds], 1>;

/** OTLP kept while nobody reads, or not fast enough. */
const QUEUE_BYTES = 16 * 1024 * 1024;
/** What a frame costs beside its bytes. */
const FRAME_OVERHEAD_BYTES = 256;
/** A reader that leaves this many events lying is closed; a new one gets the whole state with `hello`. */
const QUEUE_EVENTS = 1_000;

type Frame = { kind: number; head: Buffer; body: Buffer };

export function createDashboardStream(): DashboardStream {
  let queue: Frame[] = [];
  let otlpBytes = 0;
  let events = 0;
  let dropped = { frames: 0, bytes: 0 };
  let reader: ServerResponse | null = null;

  function shift(): Frame | undefined {
    const frame = queue.shift();
    if (frame?.kind === frameKinds.event) events--;
    else if (frame) otlpBytes -= toCost(frame);
    return frame;
  }

  function pump(): void {
    while (reader && queue.length > 0 && !reader.writableNeedDrain) {
      const frame = shift();
      if (frame) writeFrame(reader, frame);
    }
  }

  function forgetReader(): void {
    reader = null;
    queue = queue.filter((frame) => frame.kind !== frameKinds.event);
    events = 0;
  }

  function makeRoom(): void {
    if (otlpBytes <= QUEUE_BYTES) return;
    const kept: Frame[] = [];
    for (const frame of queue) {
      if (frame.kind === frameKinds.event || otlpBytes <= QUEUE_BYTES) {
        kept.push(frame);
        continue;
      }
      otlpBytes -= toCost(frame);
      dropped.frames++;
      dropped.bytes += frame.body.length;
    }
    queue = kept;
  }

  function tell(event: AgentEvent): void {
    if (!reader) return;
    queue.push(toFrame(frameKinds.event, [], Buffer.from(JSON.stringify(event))));
    events++;
    if (events > QUEUE_EVENTS) reader.destroy();
    else pump();
  }

  return {
    attach(response, hello) {
      reader?.destroy();
      forgetReader();
      response.writeHead(200, { "content-type": "application/octet-stream", "cache-control": "no-store" });
      response.socket?.setNoDelay(true);
      response.on("drain", pump);
      response.on("error", () => {});
      response.on("close", () => {
        if (reader === response) forgetReader();
      });
      reader = response;
      writeFrame(response, toFrame(frameKinds.event, [], Buffer.from(JSON.stringify(hello))));
      pump();
    },
    tell,
    relay(kind, flags, body) {
      const frame = toFrame(kind, [flags], body);
      queue.push(frame);
      otlpBytes += toCost(frame);
      pump();
      makeRoom();
    },
    tick(takeStats) {
      if (!reader || queue.length > 0 || reader.writableNeedDrain) return;
      if (dropped.frames > 0) tell({ type: "dropped", at: Date.now(), ...dropped });
      dropped = { frames: 0, bytes: 0 };
      tell({ type: "stats", at: Date.now(), edges: takeStats() });
    },
    close() {
      reader?.destroy();
      reader = null;
    },
  };
}

function toFrame(kind: number, flags: number[], body: Buffer): Frame {
  const head = Buffer.alloc(FRAME_HEADER_BYTES + flags.length);
  head.writeUInt8(kind, 0);
  head.writeUInt32BE(flags.length + body.length, 1);
  head.set(flags, FRAME_HEADER_BYTES);
  return { kind, head, body };
}

function toCost(frame: Frame): number {
  return frame.body.length + FRAME_OVERHEAD_BYTES;
}

function writeFrame(response: ServerResponse, { head, body }: Frame): void {
  response.cork();
  response.write(head);
  if (body.length > 0) response.write(body);
  response.uncork();
}
