import { crc32 } from "node:zlib";
import type { ExchangeSettings } from "./exchange.ts";
import type { Message } from "./message.ts";
import type { QueueSettings } from "./queue.ts";

export type JournalRecord =
  | { type: "exchange"; settings: ExchangeSettings }
  | { type: "exchange-deleted"; name: string }
  | { type: "queue"; settings: QueueSettings }
  | { type: "queue-deleted"; name: string }
  | { type: "bound" | "unbound"; exchange: string; queue: string; key: string }
  | { type: "message"; queues: string[]; message: Message }
  | { type: "settled"; queue: string; id: number };

/*
 * A record in the file:
 *   length u32 · crc32 u32 · head length u32 · head, JSON · properties · body
 * Length and checksum are of what follows. Only a message has properties and a body.
 */
const HEAD_BYTES = 8;
const EMPTY = Buffer.alloc(0);

/** The record's bytes, in parts, so that a body is not copied. */
export function encodeRecord(record: JournalRecord): Buffer[] {
  let properties: Buffer = EMPTY;
  let body: Buffer = EMPTY;
  let head: object = record;
  if (record.type === "message") {
    const { properties: bytes, body: content, ...rest } = record.message;
    properties = bytes;
    body = content;
    head = { ...record, message: rest, properties: bytes.length };
  }
  const text = Buffer.from(JSON.stringify(head));
  const front = Buffer.allocUnsafe(HEAD_BYTES + 4 + text.length + properties.length);
  front.writeUInt32BE(front.length - HEAD_BYTES + body.length, 0);
  front.writeUInt32BE(text.length, HEAD_BYTES);
  text.copy(front, HEAD_BYTES + 4);
  properties.copy(front, HEAD_BYTES + 4 + text.length);
  front.writeUInt32BE(crc32(body, crc32(front.subarray(HEAD_BYTES))), 4);
  return body.length > 0 ? [front, body] : [front];
}

/** Every whole record, with the place where it ends; stops at the first that a kill cut short. */
export function* decodeRecords(bytes: Buffer): Generator<{ record: JournalRecord; end: number }> {
  let at = 0;
  while (at + HEAD_BYTES <= bytes.length) {
    const end = at + HEAD_BYTES + bytes.readUInt32BE(at);
    if (end > bytes.length) return;
    const content = bytes.subarray(at + HEAD_BYTES, end);
    if (content.length < 4 || crc32(content) !== bytes.readUInt32BE(at + 4)) return;
    const bodyAt = 4 + content.readUInt32BE(0);
    const { properties, ...head } = JSON.parse(content.toString("utf8", 4, bodyAt));
    if (head.type === "message") {
      // Copies, or one small message would keep the whole file in memory.
      head.message.properties = Buffer.from(content.subarray(bodyAt, bodyAt + properties));
      head.message.body = Buffer.from(content.subarray(bodyAt + properties));
    }
    yield { record: head as JournalRecord, end };
    at = end;
  }
}
