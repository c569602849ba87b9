/**
 * A fixed colour per service: the same name has the same colour in every trace and theme. Nine hues that colour-blind
 * eyes tell apart by lightness as well; red is not among them, because red means failure.
 */
const HUES = [
  "oklch(0.70 0.13 240)",
  "oklch(0.76 0.12 165)",
  "oklch(0.80 0.13 90)",
  "oklch(0.66 0.15 300)",
  "oklch(0.74 0.10 200)",
  "oklch(0.72 0.14 130)",
  "oklch(0.62 0.13 265)",
  "oklch(0.74 0.13 340)",
  "oklch(0.68 0.06 60)",
] as const;

export function toServiceColour(service: string): string {
  // FNV-1a: small, and spreads names that differ in one letter.
  let hash = 0x811c9dc5;
  for (let index = 0; index < service.length; index += 1) {
    hash = Math.imul(hash ^ service.charCodeAt(index), 0x01000193) >>> 0;
  }
  return HUES[hash % HUES.length] ?? HUES[0];
}
