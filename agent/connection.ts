import net, { type Socket } from "node:net";
import type { Address } from "./address.ts";
import type { EdgeCounter } from "./edge-stats.ts";
import { type Gate, openGate } from "./http-faults/gate.ts";
import type { Rolls } from "./http-faults/rolls.ts";
import type { HttpTap } from "./http-tap.ts";
import { createLink, type Link } from "./link.ts";
import { sharedLookup } from "./shared-lookup.ts";
import type { Outlet, Stage } from "./toxics/toxic.ts";

/*
 * One accepted connection and its way to the upstream, which is dialled at once.
 *
 *            ┌──▶ upstream link: toxics ───▶┐
 *   caller ──┤                              ├── upstream
 *     │      └◀── downstream link: toxics ◀─┘
 *     │ └ HTTP faults act at this end of both
 *     └ the tap sees what the caller sends and gets, injected delay included
 *
 * Each side gets what the other did: FIN for FIN, RST for RST, and RST where the upstream cannot be reached.
 */
export type Direction = "upstream" | "downstream";

export type Connection = {
  insert(direction: Direction, id: string, create: (outlet: Outlet) => Stage<unknown>): void;
  /** From the next request on, what these say becomes of it. Nothing on a connection that does not speak HTTP. */
  obey(rolls: Rolls): void;
  /** A toxic or an HTTP fault has new settings. */
  change(id: string, settings: unknown): void;
  remove(id: string): void;
  close(): void;
  readonly tap: HttpTap | null;
};

export type ConnectionParts = {
  caller: Socket;
  upstream: Address;
  counter: EdgeCounter;
  tap: HttpTap | null;
  onClosed(): void;
};

/** When both sides have ended but a toxic swallowed one of the ends, the sockets are kept this long. */
const LINGER_MS = 30_000;

export function createConnection({ caller, upstream: address, counter, tap, onClosed }: ConnectionParts): Connection {
  const upstream = net.connect({ ...address, allowHalfOpen: true, noDelay: true, lookup: sharedLookup });
  let reached = false;
  let over = false;
  /** The callee has been left for good, and its connection is nobody's concern any more. */
  let left = false;
  let gate: Gate | null = null;
  let linger: NodeJS.Timeout | undefined;

  const ends = { close: () => end(destroy), reset: () => end(sendReset) };
  const up: Link = createLink({
    source: caller,
    sink: upstream,
    onArrived(chunk) {
      counter.bytesUp(chunk.length);
      if (!gate) tap?.request(chunk);
    },
    onDelivered() {},
    onSourceEnd() {
      tap?.callerEnded();
      if (left) ends.close();
      else watchForLostEnd();
    },
    onEndDelivered() {},
    ...ends,
  });
  const down: Link = createLink({
    source: upstream,
    sink: caller,
    onArrived() {},
    onDelivered(chunk) {
      counter.bytesDown(chunk.length);
      if (!gate) tap?.answer(chunk);
    },
    onSourceEnd: watchForLostEnd,
    onEndDelivered: () => tap?.calleeEnded(),
    ...ends,
  });

  function end(each: (socket: Socket) => void): void {
    if (over) return;
    over = true;
    clearTimeout(linger);
    up.stop();
    down.stop();
    if (!reached) {
      // Counted as a connection that failed, so not as requests too.
      tap?.forget();
      if (!caller.destroyed) counter.connectFailed();
    }
    tap?.closed();
    each(caller);
    each(upstream);
    onClosed();
  }
  function endWhenBothClosed(): void {
    if (caller.destroyed && upstream.destroyed) end(destroy);
  }
  function leaveCallee(): void {
    left = true;
    up.stop();
    down.stop();
    upstream.destroySoon();
    // Whoever has said its last word cannot give up any more.
    if (up.sourceEnded) ends.close();
    else caller.resume();
  }
  function watchForLostEnd(): void {
    if (left || !up.sourceEnded || !down.sourceEnded || (up.finished && down.finished)) return;
    linger = setTimeout(() => {
      const waits = [up, down].some((link) => !link.finished && link.heldBytes > 0);
      if (waits) watchForLostEnd();
      else end(destroy);
    }, LINGER_MS);
  }

  upstream.once("connect", () => {
    reached = true;
  });
  upstream.on("error", () => {
    if (!left) ends.reset();
  });
  caller.on("error", ends.reset);
  upstream.on("close", endWhenBothClosed);
  caller.on("close", endWhenBothClosed);
  counter.connected();

  return {
    insert: (direction, id, create) => {
      if (!over) (direction === "upstream" ? up : down).insert(id, create);
    },
    obey(rolls) {
      if (over || gate || !tap || tap.off) return;
      gate = openGate({
        up,
        down,
        tap,
        rolls,
        callerIsFull: () => caller.writableNeedDrain,
        onCallerReads: (listener) => caller.on("drain", listener),
        leaveCallee,
      });
    },
    change(id, settings) {
      up.change(id, settings);
      down.change(id, settings);
      gate?.settle();
    },
    remove(id) {
      // The caller waits for what will never come, and with the fault gone nothing says how long.
      if (gate?.lostBy === id) ends.close();
      up.remove(id);
      down.remove(id);
      gate?.settle();
    },
    close: ends.close,
    tap,
  };
}

function destroy(socket: Socket): void {
  socket.destroy();
}

function sendReset(socket: Socket): void {
  // Node cannot reset a socket that is not connected yet, or whose FIN is still on its way.
  if (socket.destroyed || socket.connecting || (socket.writableEnded && !socket.writableFinished)) socket.destroy();
  else socket.resetAndDestroy();
}
