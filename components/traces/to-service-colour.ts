/** Nine hues that colour-blind eyes tell apart by lightness as well; red is not among them, because red means failure. */
const HUES = [
  "oklch(0.68 0.14 245)",
  "oklch(0.80 0.13 95)",
  "oklch(0.72 0.12 165)",
  "oklch(0.64 0.16 300)",
  "oklch(0.78 0.09 205)",
  "oklch(0.70 0.15 135)",
  "oklch(0.74 0.14 345)",
  "oklch(0.58 0.13 270)",
  "oklch(0.66 0.07 65)",
] as const;

/**
 * A fixed colour per service: its place among the system's services decides, so that no two of the first nine are alike.
 * A service that the system does not know takes one by its name.
 */
export function toServiceColour(service: string, known: readonly string[]): string {
  const place = known.indexOf(service);
  return HUES[(place >= 0 ? place : toHash(service)) % HUES.length] ?? HUES[0];
}

/** FNV-1a: small, and spreads names that differ in one letter. */
function toHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
