import type { Channel } from "amqplib";
import { RETRY_PAUSE_MS } from "../bus.ts";

/*
 *   events (topic) ── message name ──▶ <queue> ── refused ──▶ <queue>.retry ── RETRY_PAUSE_MS ──▶ <queue>
 *                                      <queue>.dead: put there by the consumer, with the reason
 */
export const EVENTS_EXCHANGE = "events";
export const retryQueue = (queue: string) => `${queue}.retry`;
export const deadQueue = (queue: string) => `${queue}.dead`;

export async function declareExchange(channel: Channel) {
  await channel.assertExchange(EVENTS_EXCHANGE, "topic", { durable: true });
}

export async function declareQueues(channel: Channel, queue: string, names: string[]) {
  await declareExchange(channel);
  await channel.assertQueue(deadQueue(queue), { durable: true });
  await channel.assertQueue(retryQueue(queue), { durable: true, messageTtl: RETRY_PAUSE_MS, ...returnsTo(queue) });
  await channel.assertQueue(queue, { durable: true, ...returnsTo(retryQueue(queue)) });
  for (const name of names) await channel.bindQueue(queue, EVENTS_EXCHANGE, name);
}

/** By the unnamed exchange, which knows every queue by its name. */
const returnsTo = (queue: string) => ({ deadLetterExchange: "", deadLetterRoutingKey: queue });
