import type { ConfirmChannel, Options } from "amqplib";
import { type Connection, recoverWith } from "./connection.ts";
import { declareExchange } from "./topology.ts";

/** Messages sent and not yet confirmed; a broker that is so far behind counts as down. */
const MAX_UNCONFIRMED = 100;
/** How long the broker may take to confirm one. */
const CONFIRM_TIMEOUT_MS = 1_000;

/** Resolves when the broker has confirmed it; rejects at once while there is no connection, else within CONFIRM_TIMEOUT_MS. */
export type Publish = (exchange: string, key: string, content: Buffer, options: Options.Publish) => Promise<void>;

export function createPublish(connection: Connection): Publish {
  let channel: ConfirmChannel | undefined;
  let unconfirmed = 0;

  connection.addSetup(async (model) => {
    const next = recoverWith(await model.createConfirmChannel(), model);
    await declareExchange(next);
    next.on("close", () => {
      if (channel === next) channel = undefined;
    });
    channel = next;
  });

  return (exchange, key, content, options) =>
    new Promise((resolve, reject) => {
      if (!channel) return reject(new Error("rabbitmq is not connected"));
      if (unconfirmed >= MAX_UNCONFIRMED) return reject(new Error(`rabbitmq has ${unconfirmed} messages to confirm`));
      const timer = setTimeout(
        () => reject(new Error(`rabbitmq did not confirm within ${CONFIRM_TIMEOUT_MS} ms`)),
        CONFIRM_TIMEOUT_MS,
      );
      unconfirmed += 1;
      const onConfirm = (error: unknown) => {
        unconfirmed -= 1;
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      };
      try {
        channel.publish(exchange, key, content, options, onConfirm);
      } catch (error) {
        // A channel that is just closing takes nothing, and will confirm nothing.
        onConfirm(error);
      }
    });
}
