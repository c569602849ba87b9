/** What services tell each other: a command, a reply or an event. The name is the routing key too. */
export type Message = {
  /** A uuid. The same message may arrive more than once. */
  id: string;
  name: string;
  /** What it is about: the order, or the sku for stock and prices. */
  correlationId: string;
  /** The message that led to it. */
  causationId?: string;
  /** When it was decided, epoch ms. */
  at: number;
  body: unknown;
};

/** A message to be; who emits it gives it the rest. */
export type Draft = { name: string; correlationId: string; body: object };

/** The trace that a message belongs to, as it travels. */
export type Headers = Record<string, string>;
