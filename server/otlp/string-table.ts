/** Bounds: so many slots, each holding at most one string of so many bytes. */
const SLOTS = 4_096;
const MAX_BYTES = 48;

/**
 * Telemetry repeats its keys, names and values. A slot per hash remembers the last short string that fell into it, so
 * that a repeated one is neither decoded nor allocated again, and equal strings are one string in the store.
 */
export type StringTable = { read(bytes: Buffer, from: number, to: number): string };

export function createStringTable(): StringTable {
  const texts = new Array<string | undefined>(SLOTS);
  const hashes = new Int32Array(SLOTS);

  return {
    read(bytes, from, to) {
      const length = to - from;
      if (length === 0) return "";
      if (length > MAX_BYTES) return bytes.toString("utf8", from, to);
      let hash = 0x811c9dc5;
      for (let index = from; index < to; index++) {
        const byte = bytes[index] as number;
        // Only ASCII can be compared byte by byte with a JavaScript string.
        if (byte >= 0x80) return bytes.toString("utf8", from, to);
        hash = Math.imul(hash ^ byte, 0x01000193);
      }
      const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
      const known = texts[slot];
      if (known !== undefined && hashes[slot] === hash && equals(known, bytes, from, length)) return known;
      const text = bytes.toString("latin1", from, to);
      texts[slot] = text;
      hashes[slot] = hash;
      return text;
    },
  };
}

function equals(text: string, bytes: Buffer, from: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index++) if (text.charCodeAt(index) !== bytes[from + index]) return false;
  return true;
}
