import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { HTTPParser } from "http-parser-js";
import { later } from "../testing.ts";
import type { HttpFault } from "./http-fault.ts";
import type { PlacedHttpFault } from "./rolls.ts";

/* What the tests of HTTP faults share: a real callee, and a reader of what a caller got. */

export function toPlacedHttp(
  httpFault: HttpFault<unknown>,
  settings: unknown,
  rest: Partial<PlacedHttpFault> = {},
): PlacedHttpFault {
  return { id: "f1", httpFault, settings, rate: 1, seed: 1, ...rest };
}

export type Callee = {
  address: string;
  /** Targets of the requests that it was asked, in order. */
  asked: string[];
  /** All bytes that it got, connection by connection. */
  received: Buffer[][];
  /** How many of its connections have been closed, and whether one of them not cleanly. */
  closed: { count: number; reset: boolean };
};

/** A HTTP server of Node's; without an own answer it says its request's target. */
export async function startCallee(answer?: RequestListener): Promise<Callee> {
  const callee: Callee = { address: "", asked: [], received: [], closed: { count: 0, reset: false } };
  const server = createServer((request, response) => {
    callee.asked.push(request.url ?? "");
    if (answer) answer(request, response);
    else request.resume().on("end", () => response.end(request.url));
  });
  server.on("connection", (socket) => {
    const bytes: Buffer[] = [];
    callee.received.push(bytes);
    socket.on("data", (chunk) => bytes.push(chunk));
    socket.on("close", () => callee.closed.count++);
    socket.on("error", () => {
      callee.closed.reset = true;
    });
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  later(() => {
    server.close();
    server.closeAllConnections();
  });
  callee.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return callee;
}

export type Answer = { status: number; headers: Record<string, string>; body: string };

/** The parser takes all that it is given at once for a header when it ends in one. */
const PIECE_BYTES = 16 * 1024;

/** Reads the answers to requests with these methods out of what came; throws on what is no HTTP. */
export function readAnswers(bytes: string, methods: string[]): Answer[] {
  const parser = new HTTPParser("RESPONSE");
  const answers: Answer[] = [];
  let current: Answer = { status: 0, headers: {}, body: "" };
  parser[HTTPParser.kOnHeadersComplete] = ({ statusCode, headers }) => {
    current = { status: statusCode, headers: {}, body: "" };
    for (let i = 0; i < headers.length; i += 2)
      current.headers[String(headers[i]).toLowerCase()] = headers[i + 1] ?? "";
    const isBodiless = statusCode < 200 || statusCode === 204 || statusCode === 304;
    return isBodiless || methods[answers.filter(({ status }) => status >= 200).length] === "HEAD" ? 1 : 0;
  };
  parser[HTTPParser.kOnBody] = (chunk) => {
    current.body += chunk.toString("latin1");
  };
  parser[HTTPParser.kOnMessageComplete] = () => {
    answers.push(current);
  };
  const chunk = Buffer.from(bytes, "latin1");
  for (let at = 0; at < chunk.length; ) {
    const read = parser.execute(chunk, at, Math.min(PIECE_BYTES, chunk.length - at));
    if (typeof read !== "number" || read === 0) throw new Error(`no HTTP at ${at}: ${bytes.slice(at, at + 80)}`);
    at += read;
  }
  return answers;
}

export async function readBody(message: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of message.setEncoding("latin1")) body += chunk;
  return body;
}
