import type { Message } from "./message.ts";
import type { MethodName, Methods } from "./methods.ts";

/** What a channel's parts need of it: a way to its client. */
export type Link = {
  /** The connection, to which exclusive queues belong. */
  readonly owner: object;
  send<Name extends MethodName>(name: Name, fields: Methods[Name]): void;
  /** A method with a message behind it. */
  sendMessage<Name extends MethodName>(
    name: Name,
    fields: Methods[Name],
    message: Pick<Message, "properties" | "body">,
  ): void;
  /** False while the client reads too slowly, and when the channel is closing. */
  canDeliver(): boolean;
};
