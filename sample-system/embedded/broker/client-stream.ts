import type { Socket } from "node:net";
import { HEARTBEAT, PROTOCOL_HEADER } from "./codec.ts";
import { type Frame, FrameReader } from "./frame-reader.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { LIMITS } from "./limits.ts";

export type ClientEvents = {
  /** The client's first bytes were right. */
  greeted(): void;
  /** A promise holds back the next frame. */
  frame(frame: Frame): void | Promise<void>;
  /** The bytes cannot be told apart any more; nothing further is read. */
  unreadable(error: unknown): void;
  /** What to wait for before the next frame, if for anything. */
  holdBack(): Promise<void> | undefined;
  /** The client reads again. */
  drained(): void;
  closed(): void;
};

export type ClientStream = {
  write(frames: Buffer[]): void;
  /** False while the client reads too slowly. */
  hasRoom(): boolean;
  startHeartbeat(seconds: number): void;
  /** The connection is cut after this time, unless stopped by 0. */
  setDeadline(ms: number): void;
  /** Ends after what is written, and waits only so long for the other side to do the same. */
  hangUp(): void;
  destroy(): void;
};

/**
 * A client's socket as frames:   socket ─▶ protocol header ─▶ frame, frame, …      write ─▶ corked ─▶ socket
 * Reading stops while a frame is being handled, the broker holds back, or the client itself does not read.
 */
export function openClientStream(socket: Socket, events: ClientEvents): ClientStream {
  const reader = new FrameReader(LIMITS.frameBytes);
  let state: "header" | "frames" | "deaf" = "header";
  let busy = false;
  let heardSinceBeat = false;
  let stopHeartbeat = () => {};
  let deadline: NodeJS.Timeout | undefined;
  let drained = () => {};

  socket.setNoDelay(true);
  socket.on("data", (bytes) => {
    heardSinceBeat = true;
    if (state === "deaf") return;
    reader.push(bytes);
    read();
  });
  socket.on("drain", () => {
    drained();
    events.drained();
  });
  // A reset is as good an end as any other; "close" follows.
  socket.on("error", () => undefined);
  socket.on("close", () => {
    state = "deaf";
    clearTimeout(deadline);
    stopHeartbeat();
    drained();
    events.closed();
  });

  function read(): void {
    try {
      if (state === "header") readHeader();
      while (state === "frames" && !busy) {
        const frame = reader.next();
        if (!frame) return;
        const pause = events.frame(frame) ?? events.holdBack() ?? untilDrained();
        if (pause) holdUntil(pause);
      }
    } catch (error) {
      state = "deaf";
      events.unreadable(error);
    }
  }

  function readHeader(): void {
    const right = reader.protocolHeader();
    if (right === undefined) return;
    state = right ? "frames" : "deaf";
    if (right) events.greeted();
    else {
      // AMQP's way to say which version would be right.
      socket.write(PROTOCOL_HEADER);
      hangUp();
    }
  }

  function untilDrained(): Promise<void> | undefined {
    if (hasRoom() || socket.destroyed) return undefined;
    return new Promise((resolve) => {
      drained = resolve;
    });
  }

  function holdUntil(done: Promise<void>): void {
    busy = true;
    socket.pause();
    const resume = () => {
      busy = false;
      socket.resume();
      read();
    };
    done.then(resume, resume);
  }

  function hasRoom(): boolean {
    return socket.writableLength < LIMITS.outgoingBytes;
  }

  function setDeadline(ms: number): void {
    clearTimeout(deadline);
    deadline = ms > 0 && !socket.destroyed ? setTimeout(() => socket.destroy(), ms) : undefined;
  }

  function hangUp(): void {
    state = "deaf";
    socket.resume().end();
    setDeadline(LIMITS.closeMs);
  }

  return {
    write(frames) {
      if (!socket.writable) return;
      // What one turn of the event loop writes goes out together.
      if (socket.writableCorked === 0) {
        socket.cork();
        process.nextTick(() => socket.uncork());
      }
      for (const frame of frames) socket.write(frame);
    },
    hasRoom,
    startHeartbeat(seconds) {
      stopHeartbeat = startHeartbeat(seconds, {
        beat: () => socket.write(HEARTBEAT),
        heard: () => {
          const heard = heardSinceBeat;
          heardSinceBeat = false;
          return heard;
        },
        lost: () => socket.destroy(),
      });
    },
    setDeadline,
    hangUp,
    destroy: () => void socket.destroy(),
  };
}
