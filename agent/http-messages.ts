import { HTTPParser } from "http-parser-js";

/*
 * Finds the messages in one direction of an HTTP/1.x connection: the library's parser, with the limits that it lacks.
 *
 *   bytes, however they are cut ──▶ head(…, end) ──▶ complete(end) ──▶ head(…, end) …
 *                                   `end`: the offset in the chunk that is being read, just behind it
 */
export type Head = Pick<
  Parameters<(typeof HTTPParser.prototype)[typeof HTTPParser.kOnHeadersComplete]>[0],
  "method" | "url" | "statusCode" | "headers" | "upgrade" | "shouldKeepAlive" | "versionMinor"
>;

export type MessageHandlers = {
  /** Answers whether the message has a body to read. */
  head(head: Head, end: number): boolean;
  complete(end: number): void;
};

export type MessageReader = {
  /** Throws on whatever is no HTTP, or has a length that is not certain. */
  read(chunk: Buffer, stopped: () => boolean): void;
  /** The stream has ended: completes a message that lasts until then, at offset 0. */
  finish(): void;
};

export const methods = {
  head: HTTPParser.methods.indexOf("HEAD"),
  connect: HTTPParser.methods.indexOf("CONNECT"),
} as const;

/** Bytes without a headline, a header or a piece of body: more than this is no HTTP. The parser keeps up to this much. */
const MAX_QUIET_BYTES = 160 * 1024;
/** The parser counts all that it gets at once as header, up to 80 KB, when it ends in one. */
const PIECE_BYTES = 16 * 1024;
const SKIP_BODY = 1;

export function createMessageReader(type: "REQUEST" | "RESPONSE", handlers: MessageHandlers): MessageReader {
  const parser = new HTTPParser(type);
  let quietBytes = 0;
  // The parser's own position; its types do not tell of it.
  const position = () => (parser as unknown as { offset: number }).offset;
  let finishing = false;

  parser[HTTPParser.kOnHeadersComplete] = (head) => {
    quietBytes = 0;
    checkLength(head);
    return handlers.head(head, position()) ? 0 : SKIP_BODY;
  };
  parser[HTTPParser.kOnBody] = (_chunk, _offset, length) => {
    quietBytes = 0;
    // A negative chunk size would send the parser backwards, for ever.
    if (!(length >= 0)) throw new Error("negative length");
  };
  parser[HTTPParser.kOnMessageComplete] = () => {
    quietBytes = 0;
    handlers.complete(finishing ? 0 : position());
  };
  return {
    read(chunk, stopped) {
      quietBytes += chunk.length;
      // It stops early after a request that asks for an upgrade, which the callee may decline: so until all is read.
      for (let at = 0; at < chunk.length && !stopped(); ) {
        const read = parser.execute(chunk, at, Math.min(PIECE_BYTES, chunk.length - at));
        if (!(typeof read === "number" && read > 0)) throw new Error("no HTTP");
        at += read;
      }
      if (quietBytes > MAX_QUIET_BYTES) throw new Error("no HTTP");
    },
    finish() {
      finishing = true;
      parser.finish();
    },
  };
}

/**
 * The parser takes any content-length as a number, and a negative one would send it backwards, for ever; and it knows
 * no transfer-encoding but a single `chunked`, which it forgets when an upgrade is asked for.
 */
function checkLength({ headers, upgrade }: Head): void {
  let encodings = 0;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const length = headers[i]?.length;
    if (length !== 14 && length !== 17) continue;
    const name = headers[i]?.toLowerCase();
    const value = headers[i + 1] ?? "";
    if (name === "content-length" && !/^\d+$/.test(value)) throw new Error("no length");
    if (name !== "transfer-encoding") continue;
    if (upgrade || ++encodings > 1 || value.toLowerCase() !== "chunked") throw new Error("no certain length");
  }
}
