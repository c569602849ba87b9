import type { Server as HttpServer, IncomingMessage } from "node:http";
import { Server, type Socket } from "socket.io";
import { type CommandName, commands } from "#contract/commands.ts";
import type { Refusal } from "#contract/errors.ts";
import type { ClientEvents, ServerEvents } from "#contract/events.ts";
import type { AppError } from "../lib/app-error.ts";
import type { Topology } from "../topology/topology-port.ts";
import { createRateLimit } from "./rate-limit.ts";
import type { RunCommand } from "./run-command.ts";

/*
 * topology ── takeDelta(), one timer ──▶ every socket        a socket that missed one asks ──▶ snapshot, same timer
 * socket ── command, acknowledged ──▶ runCommand
 *
 * Deltas are volatile: a client that cannot keep up loses them instead of piling them up here, sees the gap in the
 * revisions, and asks for the whole.
 */
const DELTA_EVERY_MS = 100;
const MAX_SOCKETS = 1_000;
const MAX_MESSAGE_BYTES = 64 * 1024;
const COMMANDS_PER_SECOND = 50;

export type LiveGatewayParts = {
  httpServer: HttpServer;
  topology: Pick<Topology, "snapshot" | "takeDelta">;
  runCommand: RunCommand;
  /** Host, Origin and key of a handshake; null when it may pass. */
  refuse(request: IncomingMessage): AppError | null;
};

export function createLiveGateway({ httpServer, topology, runCommand, refuse }: LiveGatewayParts) {
  const io = new Server<ClientEvents, ServerEvents>(httpServer, {
    serveClient: false,
    transports: ["websocket", "polling"],
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    allowRequest(request, decide) {
      const refusal = refuse(request);
      if (refusal) return decide(refusal.message, false);
      // A known session is only changing its transport.
      const isNew = !new URL(request.url ?? "/", "http://localhost").searchParams.has("sid");
      if (isNew && io.engine.clientsCount >= MAX_SOCKETS) return decide("too many viewers", false);
      decide(null, true);
    },
  });

  /** Who has asked for the whole since the last tick: no request is lost, and no socket gets more than one a tick. */
  const behind = new Set<Socket<ClientEvents, ServerEvents>>();
  const timer = setInterval(() => {
    const delta = topology.takeDelta();
    if (delta) io.volatile.emit("state:delta", delta);
    for (const socket of behind) socket.emit("state:snapshot", topology.snapshot());
    behind.clear();
  }, DELTA_EVERY_MS);

  io.on("connection", (socket) => {
    socket.emit("state:snapshot", topology.snapshot());
    socket.on("state:request", () => void behind.add(socket));
    takeCommands(socket, runCommand);
  });

  return {
    sockets: (): number => io.engine.clientsCount,
    async close(): Promise<void> {
      clearInterval(timer);
      io.disconnectSockets(true);
      await io.close();
    },
  };
}

function takeCommands(socket: Socket<ClientEvents, ServerEvents>, runCommand: RunCommand): void {
  const mayCommand = createRateLimit(COMMANDS_PER_SECOND);
  for (const name of Object.keys(commands) as CommandName[]) {
    // The pair of input and answer is checked by runCommand; Socket.IO cannot type a loop over event names.
    const on = socket.on.bind(socket) as (event: string, listener: (...args: unknown[]) => void) => void;
    on(name, (input, answer) => {
      const reply = typeof answer === "function" ? (answer as (answer: unknown) => void) : () => {};
      if (!mayCommand()) return reply(tooMany);
      void runCommand(name, input, "you").then(reply);
    });
  }
}

const tooMany: Refusal = { ok: false, code: "too_many", message: "Too many commands at once; wait a moment." };
