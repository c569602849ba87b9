import { AmqpError } from "./amqp-error.ts";
import { FRAME, FRAME_OVERHEAD_BYTES, PROTOCOL_HEADER } from "./codec.ts";

export type Frame = { type: number; channel: number; payload: Buffer };

/** Bytes in pieces of any size → frames. Holds less than one frame and the newest piece. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  readonly #maxFrameBytes: number;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  push(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
  }

  /** The eight bytes before the first frame: true or false when they are there, undefined until then. */
  protocolHeader(): boolean | undefined {
    const size = PROTOCOL_HEADER.length;
    if (this.#rest.length < size) {
      return this.#rest.equals(PROTOCOL_HEADER.subarray(0, this.#rest.length)) ? undefined : false;
    }
    const right = this.#rest.subarray(0, size).equals(PROTOCOL_HEADER);
    this.#rest = this.#rest.subarray(size);
    return right;
  }

  /** The next whole frame; throws 501 when there cannot be one. */
  next(): Frame | undefined {
    const bytes = this.#rest;
    if (bytes.length < FRAME_OVERHEAD_BYTES) return undefined;
    const end = bytes.readUInt32BE(3) + FRAME_OVERHEAD_BYTES;
    if (end > this.#maxFrameBytes)
      throw new AmqpError("FRAME_ERROR", `frame of ${end} bytes, agreed were ${this.#maxFrameBytes}`);
    if (bytes.length < end) return undefined;
    if (bytes[end - 1] !== FRAME.end) throw new AmqpError("FRAME_ERROR", "frame does not end where it says");
    this.#rest = bytes.subarray(end);
    return { type: bytes.readUInt8(0), channel: bytes.readUInt16BE(1), payload: bytes.subarray(7, end - 1) };
  }
}
