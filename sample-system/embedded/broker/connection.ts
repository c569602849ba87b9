import type { Socket } from "node:net";
import { AmqpError } from "./amqp-error.ts";
import { type BrokerParts, Channel, dispatch } from "./channel.ts";
import { type ClientStream, openClientStream } from "./client-stream.ts";
import { decodeMethod, encodeContent, encodeMethod, FRAME } from "./codec.ts";
import type { Frame } from "./frame-reader.ts";
import { type Credentials, createHandshake } from "./handshake.ts";
import { LIMITS } from "./limits.ts";
import type { Link } from "./link.ts";
import type { MethodName, Methods } from "./methods.ts";

const NO_METHOD = { classId: 0, methodId: 0 };
const BASIC_PUBLISH = { classId: 60, methodId: 40 };

/** One client:   frame ─▶ handshake | this connection (channel 0) | its channel.  Whatever goes wrong ends here. */
export class Connection {
  readonly #stream: ClientStream;
  readonly #parts: BrokerParts;
  readonly #handshake: ReturnType<typeof createHandshake>;
  readonly #channels = new Map<number, Channel>();
  /** Closing: nothing but the goodbyes is heard any more. */
  #state: "silent" | "open" | "closing" = "silent";
  #maxFrameBytes: number = LIMITS.frameBytes;

  constructor(socket: Socket, parts: BrokerParts, credentials: Credentials) {
    this.#parts = parts;
    const stream = openClientStream(socket, {
      greeted: () => {
        this.#state = "open";
        this.#handshake.start();
      },
      frame: (frame) => this.#handle(frame),
      unreadable: (error) => {
        this.#fail(error, undefined);
        stream.hangUp();
      },
      holdBack: () =>
        parts.journal.isFull() ? new Promise((resolve) => parts.journal.afterWrite(resolve)) : undefined,
      drained: () => {
        for (const channel of this.#channels.values()) channel.wake();
      },
      closed: () => {
        if (this.#state !== "closing") this.#release();
        this.#state = "closing";
      },
    });
    this.#stream = stream;
    stream.setDeadline(LIMITS.handshakeMs);
    this.#handshake = createHandshake({
      credentials,
      send: (name, fields) => this.#send(0, name, fields),
      tuned: ({ frameMax, heartbeat }) => {
        this.#maxFrameBytes = frameMax;
        stream.startHeartbeat(heartbeat);
      },
      opened: () => stream.setDeadline(0),
    });
  }

  /** Says goodbye and, at the latest after a while, hangs up. */
  close(reply: { code: number; message: string }, method = NO_METHOD): void {
    if (this.#state === "closing") return;
    const greeted = this.#state === "open";
    this.#state = "closing";
    this.#release();
    if (greeted) {
      this.#send(0, "ConnectionClose", { replyCode: reply.code, replyText: cut(reply.message), ...method });
      // Who has not even come in is not waited for.
      if (this.#handshake.isOpen()) this.#stream.setDeadline(LIMITS.closeMs);
      else this.#stream.hangUp();
    } else this.#stream.destroy();
  }

  /** A frame's error closes its channel or the connection, and the frames after it are still read. */
  #handle(frame: Frame): void | Promise<void> {
    try {
      return this.#route(frame)?.catch((error: unknown) => this.#fail(error, frame));
    } catch (error) {
      this.#fail(error, frame);
    }
  }

  #route(frame: Frame): undefined | Promise<void> {
    if (frame.type === FRAME.heartbeat) return;
    if (this.#state === "closing") return this.#onFarewell(frame);
    if (frame.channel === 0 || !this.#handshake.isOpen()) return this.#onConnectionFrame(frame);
    const channel = this.#channels.get(frame.channel);
    if (channel?.closing) return this.#onClosingChannel(frame);
    const method = methodName(frame);
    if (method === "ChannelOpen") return this.#openChannel(frame.channel);
    if (!channel) throw new AmqpError("CHANNEL_ERROR", "expected 'channel.open'");
    if (method !== "ChannelClose") return channel.onFrame(frame) ?? undefined;
    this.#channels.delete(frame.channel);
    channel.release();
    this.#send(frame.channel, "ChannelCloseOk", {});
  }

  #onConnectionFrame(frame: Frame): undefined | Promise<void> {
    if (frame.channel !== 0 || frame.type !== FRAME.method) throw new AmqpError("COMMAND_INVALID", "unexpected frame");
    const ConnectionClose = () => {
      this.#state = "closing";
      this.#release();
      this.#send(0, "ConnectionCloseOk", {});
      this.#stream.hangUp();
    };
    return dispatch({ ...this.#handshake.handlers, ConnectionClose }, frame.payload) ?? undefined;
  }

  #openChannel(id: number): undefined {
    if (this.#channels.has(id)) throw new AmqpError("CHANNEL_ERROR", "second 'channel.open' seen");
    if (this.#channels.size >= LIMITS.channels)
      throw new AmqpError("NOT_ALLOWED", `more than ${LIMITS.channels} channels`);
    const isOpen = () => this.#channels.get(id) === channel && !channel.closing;
    const link: Link = {
      owner: this,
      send: (name, fields) => {
        if (isOpen()) this.#send(id, name, fields);
      },
      sendMessage: (name, fields, { properties, body }) => {
        if (!isOpen()) return;
        const content = encodeContent(id, properties, body, this.#maxFrameBytes);
        this.#stream.write([encodeMethod(id, name, fields), ...content]);
      },
      canDeliver: () => isOpen() && this.#stream.hasRoom(),
    };
    const channel = new Channel(this.#parts, link);
    this.#channels.set(id, channel);
    this.#send(id, "ChannelOpenOk", {});
  }

  /** After our channel.close: until it answers, the client cannot have known. */
  #onClosingChannel(frame: Frame): undefined {
    const name = methodName(frame);
    if (name === "ChannelClose") this.#send(frame.channel, "ChannelCloseOk", {});
    if (name === "ChannelCloseOk") this.#channels.delete(frame.channel);
  }

  #onFarewell(frame: Frame): undefined {
    if (frame.channel !== 0) return;
    const name = methodName(frame);
    if (name === "ConnectionClose") this.#send(0, "ConnectionCloseOk", {});
    if (name === "ConnectionCloseOk") this.#stream.hangUp();
  }

  #fail(error: unknown, frame: Frame | undefined): void {
    if (!(error instanceof AmqpError)) console.error("broker: bug", error);
    const reply = error instanceof AmqpError ? error : new AmqpError("INTERNAL_ERROR", String(error));
    const method = methodOf(frame);
    const channel = reply.closes === "channel" && frame ? this.#channels.get(frame.channel) : undefined;
    if (!frame || !channel) {
      this.close(reply, method);
    } else if (this.#state === "open") {
      channel.closing = true;
      channel.release();
      this.#send(frame.channel, "ChannelClose", { replyCode: reply.code, replyText: cut(reply.message), ...method });
    }
  }

  #send<Name extends MethodName>(channel: number, name: Name, fields: Methods[Name]): void {
    this.#stream.write([encodeMethod(channel, name, fields)]);
  }

  #release(): void {
    const channels = [...this.#channels.values()];
    // None is open from here on, or what one gives back would go to its neighbour of the same dead client.
    this.#channels.clear();
    for (const channel of channels) channel.release();
    for (const queue of [...this.#parts.host.queues.values()]) {
      if (queue.owner === this) this.#parts.host.deleteQueue(queue);
    }
  }
}

function methodName({ type, payload }: Frame): string | undefined {
  return type === FRAME.method ? decodeMethod(payload).name : undefined;
}

function methodOf(frame: Frame | undefined): { classId: number; methodId: number } {
  // Content belongs to the one method that brings some.
  if (frame?.type === FRAME.header || frame?.type === FRAME.body) return BASIC_PUBLISH;
  if (frame?.type !== FRAME.method || frame.payload.length < 4) return NO_METHOD;
  return { classId: frame.payload.readUInt16BE(0), methodId: frame.payload.readUInt16BE(2) };
}

/** A short string of AMQP holds 255 bytes. */
function cut(text: string): string {
  return Buffer.from(text).subarray(0, 250).toString();
}
