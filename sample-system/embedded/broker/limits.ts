/** Every bound of the broker that is not beside its buffer. Each is refused with an AMQP error when reached. */
export const LIMITS = {
  connections: 256,
  /** Per connection; amqplib opens few. */
  channels: 255,
  /** Frame size that is offered; a client may ask for less. */
  frameBytes: 128 * 1024,
  /** RabbitMQ's default. */
  messageBytes: 16 * 1024 * 1024,
  exchanges: 1_000,
  queues: 1_000,
  bindingsPerExchange: 10_000,
  consumersPerChannel: 256,
  /** Over all queues; a message counts in each. Beyond it, publishers get a nack or an error. */
  heldMessages: 200_000,
  heldBytes: 256 * 1024 * 1024,
  /** Waiting in a socket: no delivery beyond it, and nothing more is read from that client. */
  outgoingBytes: 1024 * 1024,
  handshakeMs: 10_000,
  /** For the client's close-ok. */
  closeMs: 2_000,
  heartbeatSeconds: 60,
} as const;
