import { type AgentEvent, FRAME_HEADER_BYTES, frameKinds } from "#contract/agent-api.ts";

/** One frame of the stream to the dashboard, as contract/agent-api.ts lays it out; the body is not copied. */
export type Frame = { head: Buffer; body: Buffer };

export type OtlpKind = Exclude<(typeof frameKinds)[keyof typeof frameKinds], typeof frameKinds.event>;

export function toEventFrame(event: AgentEvent): Frame {
  return toFrame(frameKinds.event, [], Buffer.from(JSON.stringify(event)));
}

export function toOtlpFrame(kind: OtlpKind, flags: number, body: Buffer): Frame {
  return toFrame(kind, [flags], body);
}

function toFrame(kind: number, flags: number[], body: Buffer): Frame {
  const head = Buffer.alloc(FRAME_HEADER_BYTES + flags.length);
  head.writeUInt8(kind, 0);
  head.writeUInt32BE(flags.length + body.length, 1);
  head.set(flags, FRAME_HEADER_BYTES);
  return { head, body };
}
