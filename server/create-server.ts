import { createServer as createHttpServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createAccessKey } from "./http/access-key.ts";
import type { ApiParts } from "./http/api-routes.ts";
import { createGuard } from "./http/guard.ts";
import type { Ui } from "./http/next-app.ts";
import { createRequestHandler } from "./http/request-handler.ts";
import type { TelemetryIntake } from "./http/telemetry-intake.ts";
import { AppError } from "./lib/app-error.ts";
import type { Counters } from "./lib/counters.ts";
import type { Logger } from "./lib/logger.ts";
import { createLiveGateway } from "./live/live-gateway.ts";
import type { RunCommand } from "./live/run-command.ts";
import type { Topology } from "./topology/topology-port.ts";

/*
 * The dashboard's one HTTP port: API, telemetry, live updates and UI.
 * The handler comes first, then Socket.IO, which takes only its own path; the UI may still be preparing, or be left out.
 */
export type ServerParts = {
  host: string;
  port: number;
  key: string | null;
  topology: Topology;
  traces: ApiParts["traces"];
  logs: ApiParts["logs"];
  runCommand: RunCommand;
  intake: TelemetryIntake;
  counters: Counters;
  logger: Logger;
  createUi?: (httpServer: Server) => Ui;
};

const MAX_CONNECTIONS = 5_000;
const CLOSE_LIMIT_MS = 2_000;

export function createServer(parts: ServerParts) {
  const { topology, runCommand, counters, logger } = parts;
  const guard = createGuard(parts.host);
  const accessKey = createAccessKey(parts.key);
  const connections = new Set<Socket>();
  const httpServer = createHttpServer({ requestTimeout: 60_000, headersTimeout: 10_000 });
  httpServer.maxConnections = MAX_CONNECTIONS;
  httpServer.on("connection", (socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
  });

  let ui: Ui | null = null;
  let live: ReturnType<typeof createLiveGateway> | null = null;
  const handler = createRequestHandler({
    guard,
    accessKey,
    api: {
      topology,
      runCommand,
      counters,
      traces: parts.traces,
      logs: parts.logs,
      sockets: () => live?.sockets() ?? 0,
    },
    intake: parts.intake,
    // Next is created once the port is ours.
    ui: parts.createUi ? { handle: (request, response) => ui?.handle(request, response), close: async () => {} } : null,
    counters,
    logger,
  });
  httpServer.on("request", handler);

  /** What stops a socket's handshake. */
  const refuse = (request: IncomingMessage): AppError | null => {
    const refusal = guard(request);
    if (refusal) return refusal;
    const admission = accessKey(request);
    if ("redirect" in admission || admission.admitted) return null;
    return admission.error;
  };

  return {
    /** Resolves with the port; refuses with one sentence when it is taken. */
    async listen(): Promise<number> {
      await new Promise<void>((resolve, reject) => {
        httpServer.once("error", (error) => reject(toListenError(error, parts.host, parts.port)));
        httpServer.listen(parts.port, parts.host, resolve);
      });
      live = createLiveGateway({ httpServer, topology, runCommand, refuse });
      ui = parts.createUi?.(httpServer) ?? null;
      return (httpServer.address() as AddressInfo).port;
    },
    async close(): Promise<void> {
      await Promise.race([closeAll(), new Promise((resolve) => setTimeout(resolve, CLOSE_LIMIT_MS).unref())]);
    },
  };

  async function closeAll(): Promise<void> {
    const closed = new Promise<void>((resolve) => void httpServer.close(() => resolve()));
    await live?.close().catch(() => {});
    for (const socket of connections) socket.destroy();
    parts.intake.close();
    await ui?.close().catch(() => {});
    await closed;
  }
}

function toListenError(error: Error, host: string, port: number): AppError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") {
    const other = port < 65_535 ? port + 1 : port - 1;
    return new AppError("conflict", `Port ${port} is taken; choose another: PORT=${other} npm start`, error);
  }
  if (code === "EACCES")
    return new AppError("forbidden", `Port ${port} needs more rights; choose one above 1023.`, error);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new AppError("bad_request", `${host} is no address of this machine; set HOST to one that is.`, error);
  }
  return new AppError("internal", `Cannot listen on ${host}:${port}: ${error.message}`, error);
}
