import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { BrokerParts } from "./channel.ts";
import { Connection } from "./connection.ts";
import type { Credentials } from "./handshake.ts";
import { openJournal, restoreJournal } from "./journal.ts";
import { LIMITS } from "./limits.ts";
import { replay } from "./restored-state.ts";
import { VirtualHost } from "./virtual-host.ts";

export type BrokerSettings = {
  host: string;
  /** 0 takes a free one. */
  port: number;
  dataDir: string;
  credentials: Credentials;
  /** The journal cannot be written: nothing that the broker promises holds any more. */
  failed: (error: Error) => void;
};

export type Broker = {
  /** host:port */
  address: string;
  restoredMessages: number;
  /** Says goodbye to every client and writes what is left to write. */
  close(): Promise<void>;
};

/** Rejects when the port is taken or the folder cannot be used. */
export async function startBroker(settings: BrokerSettings): Promise<Broker> {
  const server = createServer();
  server.maxConnections = LIMITS.connections;
  server.listen(settings.port, settings.host);
  await once(server, "listening");
  const { address, port } = server.address() as AddressInfo;

  // Only now, when the port is ours: a second broker must not touch the first one's journal. And in one turn of the event
  // loop, so that the first client finds everything there.
  const { records, bytes } = restoreJournal(settings.dataDir);
  const state = replay(records);
  const restoredMessages = [...state.queues.values()].reduce((sum, queue) => sum + queue.messages.size, 0);
  const host = new VirtualHost(state);
  const journal = openJournal(settings.dataDir, bytes, () => [...host.snapshot()], settings.failed);
  host.open(journal, state);

  const parts: BrokerParts = { host, journal };
  const connections = new Set<Connection>();
  server.on("connection", (socket) => {
    const connection = new Connection(socket, parts, settings.credentials);
    connections.add(connection);
    socket.on("close", () => connections.delete(connection));
  });

  return {
    address: `${address}:${port}`,
    restoredMessages,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const connection of connections) {
        connection.close({ code: 320, message: "CONNECTION_FORCED - broker is shutting down" });
      }
      await closed;
      await journal.close();
    },
  };
}
