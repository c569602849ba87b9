import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { run } from "./commands.ts";
import { createKeyspace } from "./keyspace.ts";
import { error } from "./replies.ts";
import { ProtocolError, RequestReader } from "./request-reader.ts";

/*
 * socket ─▶ requests ─▶ command ─▶ keyspace
 *    ▲                     │
 *    └────── replies ◀─────┘      one after the other: a client's replies come in the order of its requests
 */
const MAX_CONNECTIONS = 256;
/** Replies that a client has not read; until it has, nothing more is read from it. */
const MAX_OUTGOING_BYTES = 1024 * 1024;

export type CacheServer = {
  /** host:port */
  address: string;
  /** Cuts every connection. */
  close(): Promise<void>;
};

/** `port` 0 takes a free one. Rejects when the port is taken. */
export async function startCache({ host, port }: { host: string; port: number }): Promise<CacheServer> {
  const keys = createKeyspace();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, (request) => run(keys, request));
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(port, host);
  await once(server, "listening");
  const bound = server.address() as AddressInfo;

  return {
    address: `${bound.address}:${bound.port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function serve(socket: Socket, answer: (request: string[]) => { reply: Buffer; hangUp?: boolean }) {
  const reader = new RequestReader();
  socket.setNoDelay(true);
  // A reset is as good an end as any other.
  socket.on("error", () => undefined);
  socket.on("drain", () => {
    socket.resume();
    work();
  });
  socket.on("data", (bytes) => {
    reader.push(bytes);
    work();
  });

  function work() {
    try {
      while (socket.writable) {
        if (socket.writableLength > MAX_OUTGOING_BYTES) return void socket.pause();
        const request = reader.next();
        if (!request) return;
        const { reply, hangUp } = answer(request);
        if (hangUp) socket.end(reply);
        else socket.write(reply);
      }
    } catch (failure) {
      if (!(failure instanceof ProtocolError)) throw failure;
      socket.end(error(`ERR Protocol error: ${failure.message}`));
    }
  }
}
