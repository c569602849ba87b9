import { AmqpError } from "./amqp-error.ts";
import { decodeMethod, FRAME } from "./codec.ts";
import { createConsuming } from "./consuming.ts";
import type { Frame } from "./frame-reader.ts";
import type { Journal } from "./journal.ts";
import type { Link } from "./link.ts";
import type { Handlers, MethodName } from "./methods.ts";
import { createPublishing } from "./publishing.ts";
import { createTopology } from "./topology.ts";
import type { VirtualHost } from "./virtual-host.ts";

export type BrokerParts = { host: VirtualHost; journal: Journal };

/** One channel of a connection; its link's canDeliver must be false from `release` on. */
export class Channel {
  /** Set once channel.close was sent: everything but the answer is ignored. */
  closing = false;
  readonly #handlers: Handlers;
  readonly #publishing: ReturnType<typeof createPublishing>;
  readonly #consuming: ReturnType<typeof createConsuming>;

  constructor({ host, journal }: BrokerParts, link: Link) {
    const written = () => new Promise<void>((resolve) => journal.afterWrite(resolve));
    const topology = createTopology(host, link, written);
    this.#publishing = createPublishing(host, link, (done) => journal.afterWrite(done));
    this.#consuming = createConsuming(host, link, topology.ownQueue);
    this.#handlers = { ...topology.handlers, ...this.#publishing.handlers, ...this.#consuming.handlers };
  }

  /** Throws an AmqpError; a promise holds back the connection's next frame. */
  onFrame({ type, payload }: Frame): void | Promise<void> {
    if (type === FRAME.header) return this.#publishing.onHeader(payload);
    if (type === FRAME.body) return this.#publishing.onBody(payload);
    if (this.#publishing.isReceiving()) throw new AmqpError("UNEXPECTED_FRAME", "a method, where content must follow");
    return dispatch(this.#handlers, payload);
  }

  /** The client reads again. */
  wake(): void {
    this.#consuming.wake();
  }

  release(): void {
    this.#consuming.release();
  }
}

/** Calls the handler of a method; throws 540 where there is none. */
export function dispatch(handlers: Handlers, payload: Buffer): void | Promise<void> {
  const { name, fields } = decodeMethod(payload);
  // The codec gives each method exactly the fields that its handler takes.
  const handler = handlers[name as MethodName] as ((fields: object) => void | Promise<void>) | undefined;
  if (!handler) throw new AmqpError("NOT_IMPLEMENTED", `${name} is not part of this broker`);
  return handler(fields);
}
