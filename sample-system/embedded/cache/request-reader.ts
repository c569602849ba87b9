/** A request that is longer than this is nonsense, and the connection with it. */
const MAX_REQUEST_BYTES = 1024 * 1024;
const MAX_ARGUMENTS = 1_024;

/** What a client sent cannot be told apart any more. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}

/**
 * Bytes in pieces of any size → requests: `*2 CRLF $3 CRLF GET CRLF $1 CRLF a CRLF`, or a line as typed by hand (`PING CRLF`).
 * Holds less than one request and the newest piece.
 */
export class RequestReader {
  #rest: Buffer = Buffer.alloc(0);
  #at = 0;

  push(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
  }

  /** The next whole request, undefined while there is none; throws ProtocolError when there cannot be one. */
  next(): string[] | undefined {
    this.#at = 0;
    const request = this.#read();
    if (request) this.#rest = this.#rest.subarray(this.#at);
    else if (this.#rest.length > MAX_REQUEST_BYTES) throw new ProtocolError("too big a request");
    return request;
  }

  #read(): string[] | undefined {
    const line = this.#line();
    if (line === undefined) return undefined;
    if (!line.startsWith("*")) return line.split(" ").filter((word) => word !== "");
    const count = toSize(line, "*", "multibulk", MAX_ARGUMENTS);
    const request: string[] = [];
    while (request.length < count) {
      const head = this.#line();
      if (head === undefined) return undefined;
      const argument = this.#bytes(toSize(head, "$", "bulk", MAX_REQUEST_BYTES));
      if (argument === undefined) return undefined;
      request.push(argument);
    }
    return request;
  }

  #line(): string | undefined {
    const end = this.#rest.indexOf("\r\n", this.#at);
    if (end < 0) return undefined;
    const line = this.#rest.toString("latin1", this.#at, end);
    this.#at = end + 2;
    return line;
  }

  /** Kept byte for byte: latin1 is text of one byte a character. */
  #bytes(size: number): string | undefined {
    const end = this.#at + size;
    if (this.#rest.length < end + 2) return undefined;
    const bytes = this.#rest.toString("latin1", this.#at, end);
    this.#at = end + 2;
    return bytes;
  }
}

function toSize(line: string, sign: string, what: string, max: number): number {
  if (!line.startsWith(sign)) throw new ProtocolError(`expected '${sign}', got '${line.slice(0, 1)}'`);
  const size = /^\d{1,9}$/.test(line.slice(1)) ? Number(line.slice(1)) : max + 1;
  if (size > max) throw new ProtocolError(`invalid ${what} length`);
  return size;
}
