/*
 * Numbers as people read them from the last row: few digits, always with their unit, never jumping between widths
 * more than the value demands.
 */

/** 0.4 → "0.4/s", 12.4 → "12/s", 1234 → "1.2k/s". */
export function toRate(perSecond: number): string {
  if (perSecond === 0) return "0/s";
  if (perSecond < 0.05) return "<0.1/s";
  if (perSecond < 9.95) return `${trim(perSecond)}/s`;
  if (perSecond < 999.5) return `${Math.round(perSecond)}/s`;
  return `${trim(perSecond / 1000)}k/s`;
}

/** Share of errors: 0 → "0 %", 0.0004 → "<0.1 %", 0.004 → "0.4 %", 0.124 → "12 %". */
export function toPercent(ratio: number): string {
  const percent = ratio * 100;
  if (percent === 0) return "0 %";
  if (percent < 0.05) return "<0.1 %";
  if (percent < 9.95) return `${trim(percent)} %`;
  return `${Math.round(percent)} %`;
}

/** Share of successes, rounded down: 100 % means that nothing at all failed. null → "–". */
export function toSuccess(ratio: number | null): string {
  if (ratio === null) return "–";
  const percent = Math.floor(ratio * 1000 + 1e-9) / 10;
  return percent === 100 ? "100 %" : `${percent.toFixed(1)} %`;
}

/** 0.3 → "<1 ms", 140 → "140 ms", 2140 → "2.1 s", 3000 → "3 s", 64000 → "64 s". null → "–". */
export function toMs(ms: number | null): string {
  if (ms === null) return "–";
  if (ms === 0) return "0 ms";
  if (ms < 1) return "<1 ms";
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${trim(ms / 1000)} s`;
  return `${Math.round(ms / 1000)} s`;
}

/** Time left: tenths under ten seconds, because that is what a class counts along with; "2:05 min" from 100 s on. */
export function toCountdown(ms: number): string {
  if (ms <= 0) return "0 s";
  if (ms < 10_000) return `${(Math.ceil(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} min`;
}

/** Time gone: "14 s", "3 min", "2 h". */
export function toAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h`;
}

/** 1536 → "1.5 kB/s", for edges that carry no requests. */
export function toBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  if (bytes < 1_000_000) return `${trim(bytes / 1000)} kB`;
  if (bytes < 1_000_000_000) return `${trim(bytes / 1_000_000)} MB`;
  return `${trim(bytes / 1_000_000_000)} GB`;
}

/** Wall clock to the second, in the reader's own zone. */
export function toClock(at: number): string {
  return new Date(at).toLocaleTimeString("en-GB");
}

/** One decimal, and none where it would be a zero. */
function trim(value: number): string {
  const text = value.toFixed(value < 9.95 ? 1 : 0);
  return text.endsWith(".0") ? text.slice(0, -2) : text;
}
