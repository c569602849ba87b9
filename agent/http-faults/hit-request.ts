import type { Head } from "../http-messages.ts";
import type { Exchange } from "../http-tap.ts";
import type { OwnReply } from "./http-fault.ts";
import type { Hit, Rolls } from "./rolls.ts";

/** A request that faults have hit. Their waits add up; over its reply decides the first that has something to say of it. */
export type HitRequest = {
  exchange: Exchange;
  /** Never reaches the callee. */
  isKept: boolean;
  /** Answered so, in the callee's place. */
  reply: OwnReply | null;
  /** It has come in completely and waited long enough. */
  mayReply: boolean;
  /** The fault that loses its reply. */
  lostBy: string | null;
  /** The caller wants the connection kept for more. */
  keepAlive: boolean;
  /** The caller holds the body back until it is told to go on. */
  expectsContinue: boolean;
  /** When it goes on, in `performance.now()` time, under the settings of now. */
  dueAt(): number;
  /** The value of the header that marks it: `<fault>;<type>;<injected ms>`, more than one parted by commas. */
  toMark(now: number): string;
};

export function toHitRequest(exchange: Exchange, head: Head, hits: Hit[], rolls: Rolls): HitRequest {
  const arrivedAt = performance.now();
  const fates = hits.map((hit) => ({ id: hit.id, ...rolls.toFate(hit) }));
  const decides = fates.find(({ reply }) => reply !== undefined);
  const lost = decides?.reply === "lost";
  // What it waited in all is told once.
  const waits = fates.findIndex(({ waitMs }) => waitMs !== undefined);
  return {
    exchange,
    isKept: decides?.isKept ?? false,
    reply: decides?.reply === undefined || decides.reply === "lost" ? null : decides.reply,
    mayReply: false,
    lostBy: lost ? (decides?.id ?? null) : null,
    keepAlive: head.shouldKeepAlive,
    expectsContinue: head.versionMinor > 0 && hasExpectation(head.headers),
    dueAt: () => hits.reduce((sum, hit) => sum + (rolls.toFate(hit).waitMs ?? 0), arrivedAt),
    toMark: (now) =>
      hits
        .map(({ id, type }, i) => `${toWord(id)};${type};${i === waits ? Math.round(now - arrivedAt) : 0}`)
        .join(", "),
  };
}

function hasExpectation(headers: string[]): boolean {
  return headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === "expect");
}

/** An id may hold anything, a header may not. */
function toWord(id: string): string {
  return id.replace(/[^\w.-]/g, "_");
}
