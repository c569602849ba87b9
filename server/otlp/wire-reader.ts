import type { StringTable } from "./string-table.ts";

/*
 * The protobuf wire format, read in place: no message objects, no copies.
 *
 *   bytes ─▶ nextTag() ─▶ 0x12 (field 2, length-delimited) ─▶ enter() ─▶ fields of the inner message ─▶ leave()
 *                     └─▶ anything unknown ─▶ skip()
 *
 * A tag is `field << 3 | wire type`; callers switch on the whole tag, so a known field with a wrong wire type counts as
 * unknown and is skipped. Every read is checked against the end of the message it belongs to.
 */
const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

export class WireError extends Error {}

export class WireReader {
  readonly bytes: Buffer;
  readonly strings: StringTable;
  private readonly view: DataView;
  position = 0;
  /** End of the message being read. */
  end: number;

  constructor(bytes: Uint8Array, strings: StringTable) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.strings = strings;
    this.end = this.bytes.length;
  }

  /** The next field's tag, or 0 at the end of the message. */
  nextTag(): number {
    if (this.position >= this.end) return 0;
    const tag = this.varint();
    if (tag < 8) throw new WireError("field number 0");
    return tag;
  }

  /** An unsigned varint as a number; what exceeds 2^53 loses precision (use `int64` where that matters). */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let length = 0; length < 10; length++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new WireError("a varint is longer than 10 bytes");
  }

  /** A signed 64-bit varint. */
  int64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new WireError("a varint is longer than 10 bytes");
  }

  fixed64(): bigint {
    return this.view.getBigUint64(this.take(8), true);
  }

  double(): number {
    return this.view.getFloat64(this.take(8), true);
  }

  /** UTF-8 text, cut at `limit` bytes on a character's boundary. */
  text(limit: number): string {
    const length = this.varint();
    const from = this.take(length);
    let to = from + length;
    if (length > limit) {
      to = from + limit;
      while (to > from && ((this.bytes[to] ?? 0) & 0xc0) === 0x80) to--;
    }
    return this.strings.read(this.bytes, from, to);
  }

  /** Hex of a byte string that must be `length` bytes; anything else gives the empty string. */
  hex(length: number): string {
    const size = this.varint();
    const from = this.take(size);
    return size === length ? this.bytes.toString("hex", from, from + size) : "";
  }

  base64(limit: number): string {
    const size = this.varint();
    const from = this.take(size);
    return this.bytes.toString("base64", from, from + Math.min(size, limit));
  }

  /** Narrows to the inner message that starts here; give the answer to `leave`. */
  enter(): number {
    const size = this.varint();
    const from = this.take(size);
    const outer = this.end;
    this.position = from;
    this.end = from + size;
    return outer;
  }

  /** Back to the outer message, just behind the inner one, however much of that was read. */
  leave(outer: number): void {
    this.position = this.end;
    this.end = outer;
  }

  skip(tag: number): void {
    const type = tag & 7;
    if (type === wireTypes.varint) this.int64();
    else if (type === wireTypes.fixed64) this.take(8);
    else if (type === wireTypes.bytes) this.take(this.varint());
    else if (type === wireTypes.fixed32) this.take(4);
    else throw new WireError(`wire type ${type}`);
  }

  private byte(): number {
    if (this.position >= this.end) throw new WireError("the message ends in the middle of a field");
    return this.bytes[this.position++] as number;
  }

  private take(length: number): number {
    const from = this.position;
    if (length > this.end - from) throw new WireError("the message ends in the middle of a field");
    this.position = from + length;
    return from;
  }
}
