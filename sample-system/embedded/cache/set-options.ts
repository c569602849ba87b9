const SYNTAX_ERROR = "ERR syntax error";
const unitMs: Record<string, number> = { ex: 1_000, px: 1 };
const conditions: Record<string, "new" | "existing"> = { nx: "new", xx: "existing" };

/** `expiresAt`: epoch ms, Infinity for never. `only`: whether the key must be absent or there. */
export type SetOptions = { expiresAt: number; only?: "new" | "existing" };

/** The words behind SET's key and value, in any order; or why they are refused, as Valkey says it. */
export function toSetOptions(words: string[], now: number): SetOptions | { refusal: string } {
  const options: SetOptions = { expiresAt: Number.POSITIVE_INFINITY };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]?.toLowerCase() ?? "";
    const [only, unit] = [conditions[word], unitMs[word]];
    if (only && !options.only) options.only = only;
    else if (unit && options.expiresAt === Number.POSITIVE_INFINITY) {
      const amount = words[++at];
      if (amount === undefined) return { refusal: SYNTAX_ERROR };
      if (!/^-?\d{1,15}$/.test(amount)) return { refusal: "ERR value is not an integer or out of range" };
      if (Number(amount) <= 0) return { refusal: "ERR invalid expire time in 'set' command" };
      options.expiresAt = now + Number(amount) * unit;
    } else return { refusal: SYNTAX_ERROR };
  }
  return options;
}
