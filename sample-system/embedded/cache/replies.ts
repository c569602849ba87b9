/** What goes back to a client, as RESP2. Text is one byte a character, as request-reader.ts keeps it. */
export const OK = line("+OK");
export const PONG = line("+PONG");
/** Nothing there. */
export const NIL = line("$-1");

export function bulk(text: string): Buffer {
  return line(`$${text.length}\r\n${text}`);
}

export function integer(value: number): Buffer {
  return line(`:${value}`);
}

export function list(items: Buffer[]): Buffer {
  return Buffer.concat([line(`*${items.length}`), ...items]);
}

/** `text` begins with the error's class: "ERR unknown command". */
export function error(text: string): Buffer {
  return line(`-${text.replace(/[\r\n]+/g, " ")}`);
}

function line(text: string): Buffer {
  return Buffer.from(`${text}\r\n`, "latin1");
}
