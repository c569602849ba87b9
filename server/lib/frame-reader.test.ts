import { describe, expect, test } from "vitest";
import { createFrameReader } from "./frame-reader.ts";

function frame(kind: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(kind, 0);
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

describe("the frame reader", () => {
  const bytes = Buffer.concat([frame(1, Buffer.from("hello")), frame(2, Buffer.alloc(0)), frame(9, Buffer.from("x"))]);
  const wanted = [
    [1, "hello"],
    [2, ""],
    [9, "x"],
  ];
  test.each([1, 2, 3, 4, 5, 7, 1_000])("finds the same frames in chunks of %i bytes", (size) => {
    const found: unknown[] = [];
    const read = createFrameReader((kind, payload) => found.push([kind, payload.toString()]));
    for (let at = 0; at < bytes.length; at += size) expect(read(bytes.subarray(at, at + size))).toBe(true);
    expect(found).toEqual(wanted);
  });

  test("gives up on a length that no frame has", () => {
    const head = Buffer.from([1, 0xff, 0xff, 0xff, 0xff]);
    expect(createFrameReader(() => {})(head)).toBe(false);
  });
});
