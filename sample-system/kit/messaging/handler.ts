import type { Queries } from "../database.ts";
import type { Draft, Message } from "./message.ts";

/** A transaction that can also say something: what is emitted is said if it is committed. */
export type Tx = Queries & { emit(draft: Draft): Promise<void> };

/** What a service does with a message of one name. */
export type Handler<Prepared = void> = {
  /** Work before the transaction, such as asking another service; it holds no connection. Not done for a duplicate. */
  prepare?(message: Message): Promise<Prepared>;
  /** In one transaction with the inbox row and the outbox rows. */
  handle(message: Message, tx: Tx, prepared: Prepared): Promise<void>;
};

/** By message name. Each name is bound to the service's queue. */
export type Consumes = Record<string, Handler<unknown>>;
