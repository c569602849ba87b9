import net, { type AddressInfo, type Socket } from "node:net";
import type { AgentEdge } from "#contract/agent-api.ts";
import { createEdgeListener, type EdgeListener, type PlacedToxic } from "./edge-listener.ts";
import type { Toxic } from "./toxics/toxic.ts";

/* What the agent's tests share: real servers and sockets on free ports, ended by the test that made them. */

type Ending = () => void;
const endings: Ending[] = [];

export function later(ending: Ending): void {
  endings.push(ending);
}

/** To be called after each test. */
export function endAll(): void {
  for (const ending of endings.splice(0).reverse()) ending();
}

/** A TCP server that hands each of its sockets to `serve`; resolves with its host:port. */
export async function startUpstream(serve: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  later(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function startEcho(): Promise<string> {
  return startUpstream((socket) => socket.pipe(socket));
}

/** A host:port on which nothing listens. */
export async function takeClosedAddress(): Promise<string> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

/** What has come in on a socket so far, and promises of what will. */
export type Client = {
  socket: Socket;
  text(): string;
  /** Resolves when at least so much text has come. */
  received(length: number): Promise<string>;
  /** How it ended: "end" (FIN), or the error's code. */
  ended: Promise<string>;
};

export function connect(address: string): Promise<Client> {
  const [host, port] = address.split(":");
  const socket = net.connect({ host: host ?? "", port: Number(port), allowHalfOpen: true, noDelay: true });
  later(() => socket.destroy());
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  const ended = new Promise<string>((resolve) => {
    socket.on("end", () => resolve("end"));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on("close", () => resolve("closed"));
  });
  const client: Client = {
    socket,
    text: () => text,
    async received(length) {
      while (text.length < length) {
        const more = new Promise((resolve) => socket.once("data", resolve));
        if ((await Promise.race([more, ended.then(() => "over")])) === "over" && text.length < length) {
          throw new Error(`ended after ${text.length} of ${length}`);
        }
      }
      return text;
    },
    ended,
  };
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(client));
    socket.once("error", reject);
  });
}

export async function startEdge(upstream: string, protocol = "tcp"): Promise<EdgeListener> {
  const edge: AgentEdge = { id: "caller->callee", listen: "127.0.0.1:0", upstream, protocol };
  const listener = createEdgeListener(edge);
  await listener.open();
  later(() => listener.close());
  return listener;
}

export function toPlaced(toxic: Toxic, settings: unknown, rest: Partial<PlacedToxic> = {}): PlacedToxic {
  return { id: "f1", toxic, settings, stream: "downstream", rate: 1, seed: 1, ...rest };
}

const UNTIL_MS = 10_000;

/** Resolves when the condition holds, looked at on each turn of the event loop. Rejects when it does not come to hold. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + UNTIL_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`still not: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
