import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AmqpError } from "./amqp-error.ts";
import type { MethodName, Methods, Table } from "./methods.ts";

/*
 * Methods and properties ⇄ bytes, by the client library's own tables. Its `exports` do not offer them, so they are
 * loaded by path: the version is pinned, and every test of the broker fails if they move.
 */
type Defs = {
  decode(id: number, bytes: Buffer): Table;
  encodeMethod(id: number, channel: number, fields: object): Buffer;
  encodeProperties(id: number, channel: number, bodySize: number, fields: object): Buffer;
  info(id: number): { name: string };
} & Record<MethodName, number>;

const require = createRequire(import.meta.url);
const defs = require(join(dirname(require.resolve("amqplib")), "lib", "defs.js")) as Defs;

const BASIC_CLASS = 60;
const EMPTY_PROPERTIES = Buffer.from([0, 0]);
/** type, channel, size; then in a content header: class, weight, body size. */
const FRAME_HEAD_BYTES = 7;
const CONTENT_HEAD_BYTES = 12;

export const FRAME = { method: 1, header: 2, body: 3, heartbeat: 8, end: 206 } as const;
/** What a frame costs beside its payload. */
export const FRAME_OVERHEAD_BYTES = FRAME_HEAD_BYTES + 1;
export const HEARTBEAT = Buffer.from([FRAME.heartbeat, 0, 0, 0, 0, 0, 0, FRAME.end]);
export const PROTOCOL_HEADER = Buffer.from("AMQP\0\0\x09\x01", "latin1");

/** What a message says about itself; only what the broker reads is named. */
export type Properties = { deliveryMode?: number; expiration?: string; headers?: Table } & Table;

/** Throws 540 for a method that does not exist, 502 for one that is malformed. */
export function decodeMethod(payload: Buffer): { id: number; name: string; fields: Table } {
  if (payload.length < 4) throw new AmqpError("SYNTAX_ERROR", "method frame too short");
  const id = payload.readUInt32BE(0);
  let name: string;
  try {
    name = defs.info(id).name;
  } catch {
    throw new AmqpError("NOT_IMPLEMENTED", `unknown method ${id >>> 16}.${id & 0xffff}`);
  }
  try {
    return { id, name, fields: defs.decode(id, payload.subarray(4)) };
  } catch (cause) {
    throw new AmqpError("SYNTAX_ERROR", `malformed ${name}: ${cause}`);
  }
}

export function encodeMethod<Name extends MethodName>(channel: number, name: Name, fields: Methods[Name]): Buffer {
  return defs.encodeMethod(defs[name], channel, fields);
}

/** A content header's payload: the body's size, and the properties, left as they came on the wire. */
export function decodeContentHeader(payload: Buffer): { bodyBytes: number; properties: Buffer } {
  if (payload.length < CONTENT_HEAD_BYTES + 2 || payload.readUInt16BE(0) !== BASIC_CLASS) {
    throw new AmqpError("FRAME_ERROR", "malformed content header");
  }
  return { bodyBytes: Number(payload.readBigUInt64BE(4)), properties: payload.subarray(CONTENT_HEAD_BYTES) };
}

/** Throws 502 when malformed. */
export function decodeProperties(properties: Buffer): Properties {
  try {
    return defs.decode(BASIC_CLASS, properties);
  } catch (cause) {
    throw new AmqpError("SYNTAX_ERROR", `malformed properties: ${cause}`);
  }
}

/** Throws when the headers are too large for the codec. */
export function encodeProperties(fields: Properties): Buffer {
  const frame = defs.encodeProperties(BASIC_CLASS, 0, 0, fields);
  const properties = frame.subarray(FRAME_HEAD_BYTES + CONTENT_HEAD_BYTES, frame.length - 1);
  return properties.length >= 2 ? properties : EMPTY_PROPERTIES;
}

/** A message's header frame and as many body frames as the frame size demands. */
export function encodeContent(channel: number, properties: Buffer, body: Buffer, maxFrameBytes: number): Buffer[] {
  const head = Buffer.alloc(CONTENT_HEAD_BYTES);
  head.writeUInt16BE(BASIC_CLASS, 0);
  head.writeBigUInt64BE(BigInt(body.length), 4);
  const frames = [encodeFrame(FRAME.header, channel, head, properties)];
  const step = maxFrameBytes - FRAME_OVERHEAD_BYTES;
  for (let at = 0; at < body.length; at += step) {
    frames.push(encodeFrame(FRAME.body, channel, body.subarray(at, at + step)));
  }
  return frames;
}

function encodeFrame(type: number, channel: number, ...parts: Buffer[]): Buffer {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  const frame = Buffer.allocUnsafe(bytes + FRAME_OVERHEAD_BYTES);
  frame[0] = type;
  frame.writeUInt16BE(channel, 1);
  frame.writeUInt32BE(bytes, 3);
  let at = FRAME_HEAD_BYTES;
  for (const part of parts) at += part.copy(frame, at);
  frame[at] = FRAME.end;
  return frame;
}
