import type { Queue } from "./queue.ts";

/** A published message; the same object in every queue that it was routed to. */
export type Message = {
  /** Counts up; names the message in the journal. */
  id: number;
  exchange: string;
  routingKey: string;
  /** As on the wire, so that what the broker does not know passes through unharmed. */
  properties: Buffer;
  body: Buffer;
  persistent: boolean;
  /** Its own time limit, besides the queue's. */
  expiresAfterMs: number | undefined;
  receivedAt: number;
};

/** A message's place in one queue, from its arrival until it is settled. */
export type Entry = {
  message: Message;
  queue: Queue;
  /** Order within the queue; a requeued entry goes back to its place. */
  position: number;
  redelivered: boolean;
  expiresAt: number;
};
