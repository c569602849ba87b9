import { STATUS_CODES } from "node:http";
import { methods } from "../http-messages.ts";
import type { HitRequest } from "./hit-request.ts";

/* What goes over the wire of a request that was hit carries a header that says so, for spans to tell apart. */
const MARK = "x-faultline-fault";

export const CONTINUE = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n");

/** A complete head, its empty line included, with the mark as its last header. */
export function toMarkedHead(head: Buffer, mark: string): Buffer {
  // A sender may end its lines with LF alone; the parser takes that too.
  const end = head.length - (head.at(-2) === 0x0d ? 2 : 1);
  return Buffer.concat([head.subarray(0, end), Buffer.from(`${MARK}: ${mark}\r\n`), head.subarray(end)]);
}

/** The reply in the callee's place; without its body where a HEAD asked. */
export function toReplyBytes({ reply, exchange, keepAlive }: HitRequest, mark: string): Buffer {
  if (!reply) return Buffer.alloc(0);
  const { status, contentType, body } = reply;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}`,
    `content-type: ${contentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `connection: ${keepAlive ? "keep-alive" : "close"}`,
    `${MARK}: ${mark}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${exchange.method === methods.head ? "" : body}`);
}
