import { spanLimits } from "../telemetry/span.ts";

/** Text of at most `spanLimits.valueBytes` bytes of UTF-8, cut on a character's boundary. */
export function cutText(text: string): string {
  const limit = spanLimits.valueBytes;
  // A UTF-16 unit takes at most 3 bytes.
  if (text.length * 3 <= limit) return text;
  const bytes = Buffer.from(text.slice(0, limit));
  if (bytes.length <= limit) return text.length <= limit ? text : bytes.toString();
  let to: number = limit;
  while (to > 0 && ((bytes[to] ?? 0) & 0xc0) === 0x80) to--;
  return bytes.toString("utf8", 0, to);
}

export function toJsonText(value: unknown): string {
  return cutText(JSON.stringify(value));
}

/** A 64-bit integer as a number, or as text where a number would lie. */
export function toSafeNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** JSON has no NaN and no infinities: they become text. */
export function toFinite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
