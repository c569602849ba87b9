import type { Socket } from "node:net";
import type { Flow, Outlet, Stage } from "./toxics/toxic.ts";

/*
 * One direction of one connection. Without toxics a chunk goes from socket to socket in one step.
 *
 *   source ──data, end──▶ stages[0] ──▶ stages[1] ──▶ … ──▶ sink
 *      ▲                     └─ held bytes ─┘                 │ needs drain
 *      └───────────── paused while either is too much ────────┘
 */

/** Held by the toxics of one direction; the source is read again when half of it has gone. */
const HELD_LIMIT_BYTES = 4 * 1024 * 1024;

export type Link = {
  /**
   * Puts a stage in, which gets every byte from now on: in line behind those that are there, or, one each at most, for
   * good before or behind all that stand in line.
   */
  insert<S extends Stage<unknown>>(id: string, create: (outlet: Outlet) => S, place?: "in line" | "first" | "last"): S;
  change(id: string, settings: unknown): void;
  /** Takes a stage out, after it has passed on what it held. */
  remove(id: string): void;
  stop(): void;
  /** The source's end has arrived; `finished`: it has been passed on to the sink. */
  readonly sourceEnded: boolean;
  readonly finished: boolean;
  readonly heldBytes: number;
};

export type LinkParts = {
  source: Socket;
  sink: Socket;
  /** Told after the bytes have gone on. */
  onArrived(chunk: Buffer): void;
  onDelivered(chunk: Buffer): void;
  onSourceEnd(): void;
  onEndDelivered(): void;
  close(): void;
  reset(): void;
};

type Placed = { id: string; stage: Stage<unknown>; isLast: boolean };

export function createLink(parts: LinkParts): Link {
  const { source, sink, close, reset } = parts;
  const stages: Placed[] = [];
  let sourceEnded = false;
  let finished = false;
  let stopped = false;

  const intoSink: Flow = {
    write(chunk) {
      if (stopped || finished) return;
      sink.write(chunk);
      parts.onDelivered(chunk);
      balance();
    },
    end() {
      if (stopped) return;
      finished = true;
      sink.end();
      parts.onEndDelivered();
    },
  };

  function heldBytes(): number {
    let sum = 0;
    for (const { stage } of stages) sum += stage.heldBytes;
    return sum;
  }
  function balance(): void {
    const paused = source.isPaused();
    const limit = paused ? HELD_LIMIT_BYTES / 2 : HELD_LIMIT_BYTES;
    const full = sink.writableNeedDrain || (stages.length > 0 && heldBytes() > limit);
    if (full && !paused) source.pause();
    else if (!full && paused && !stopped) source.resume();
  }

  source.on("data", (chunk: Buffer) => {
    (stages[0]?.stage ?? intoSink).write(chunk);
    parts.onArrived(chunk);
    balance();
  });
  source.on("end", () => {
    sourceEnded = true;
    (stages[0]?.stage ?? intoSink).end();
    parts.onSourceEnd();
  });
  sink.on("drain", balance);

  return {
    insert(id, create, place = "in line") {
      const next = () => stages[stages.findIndex((placed) => placed.id === id) + 1]?.stage ?? intoSink;
      const stage = create({ write: (chunk) => next().write(chunk), end: () => next().end(), close, reset });
      const placed = { id, stage, isLast: place === "last" };
      if (place === "first") stages.unshift(placed);
      else stages.splice(stages.at(-1)?.isLast ? stages.length - 1 : stages.length, 0, placed);
      return stage;
    },
    change(id, settings) {
      stages.find((placed) => placed.id === id)?.stage.change(settings);
      balance();
    },
    remove(id) {
      stages.find((placed) => placed.id === id)?.stage.release();
      const index = stages.findIndex((placed) => placed.id === id);
      if (index >= 0) stages.splice(index, 1);
      balance();
    },
    stop() {
      stopped = true;
      for (const { stage } of stages) stage.stop();
      stages.length = 0;
    },
    get sourceEnded() {
      return sourceEnded;
    },
    get finished() {
      return finished;
    },
    get heldBytes() {
      return heldBytes();
    },
  };
}
