import { io, type Socket } from "socket.io-client";
import type { CommandAnswer, CommandInput, CommandName } from "#contract/commands.ts";
import type { ClientEvents, ServerEvents } from "#contract/events.ts";
import { applyDelta, fromSnapshot } from "./apply-delta.ts";
import type { Connection } from "./live-state.ts";
import { liveStore } from "./live-store.ts";

/*
 * dashboard ──state:snapshot, state:delta──▶ socket ──▶ live store
 *           ◀──commands, state:request──────
 */

type LiveSocket = Socket<ServerEvents, ClientEvents>;

let socket: LiveSocket | null = null;

/** Opens the one socket of this page; returns what closes it. Socket.IO itself retries for ever, at most 2 s apart. */
export function connectLive(): () => void {
  const opened: LiveSocket = io({ reconnectionDelay: 250, reconnectionDelayMax: 2_000, timeout: 5_000 });
  socket = opened;
  // One request per gap: the deltas that follow it until the snapshot comes are gaps as well.
  let asked = false;

  opened.on("state:snapshot", (snapshot) => {
    asked = false;
    liveStore.setState((state) => ({
      ...fromSnapshot(snapshot, Date.now(), state.shape),
      connection: state.connection.state === "live" ? state.connection : toConnection("live"),
    }));
  });
  opened.on("state:delta", (delta) => {
    const next = applyDelta(liveStore.getState(), delta);
    if (next !== "gap") liveStore.setState(next);
    else if (!asked) {
      asked = true;
      opened.emit("state:request");
    }
  });
  const lost = () => {
    asked = false;
    liveStore.setState((state) => ({
      revision: null,
      connection: state.connection.state === "disconnected" ? state.connection : toConnection("disconnected"),
    }));
  };
  opened.on("disconnect", lost);
  opened.on("connect_error", lost);
  return () => {
    socket = null;
    opened.disconnect();
  };
}

/** Sends one command and waits for its acknowledgement. Resolves with a refusal, too, when nothing answers. */
export async function emitCommand<N extends CommandName>(
  name: N,
  input: CommandInput<N>,
  timeoutMs: number,
): Promise<CommandAnswer<N>> {
  // Socket.IO's types lose the link between an event's name and its acknowledgement when the name is generic.
  const sender = socket?.timeout(timeoutMs) as unknown as
    | { emitWithAck(name: N, input: CommandInput<N>): Promise<CommandAnswer<N>> }
    | undefined;
  if (!sender || !socket?.connected) {
    return { ok: false, code: "unavailable", message: "The dashboard is not answering; nothing was sent." };
  }
  try {
    return await sender.emitWithAck(name, input);
  } catch {
    return { ok: false, code: "timed_out", message: `No answer within ${timeoutMs / 1000} s.` };
  }
}

function toConnection(state: Connection["state"]): Connection {
  return { state, since: Date.now() };
}
