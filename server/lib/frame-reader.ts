import { FRAME_HEADER_BYTES } from "#contract/agent-api.ts";

/** A longer frame means that the stream is out of step; larger than any OTLP body that the agent takes. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

/** Cuts a byte stream into frames. The reader answers false when the stream cannot be understood any more. */
export function createFrameReader(onFrame: (kind: number, payload: Buffer) => void): (chunk: Buffer) => boolean {
  let parts: Buffer[] = [];
  let held = 0;
  let wanted = FRAME_HEADER_BYTES;

  return (chunk) => {
    parts.push(chunk);
    held += chunk.length;
    if (held < wanted) return true;
    let bytes = parts.length === 1 ? chunk : Buffer.concat(parts, held);
    for (;;) {
      wanted = FRAME_HEADER_BYTES;
      if (bytes.length < wanted) break;
      const length = bytes.readUInt32BE(1);
      if (length > MAX_FRAME_BYTES) return false;
      wanted = FRAME_HEADER_BYTES + length;
      if (bytes.length < wanted) break;
      onFrame(bytes.readUInt8(0), bytes.subarray(FRAME_HEADER_BYTES, wanted));
      bytes = bytes.subarray(wanted);
    }
    parts = bytes.length === 0 ? [] : [bytes];
    held = bytes.length;
    return true;
  };
}
