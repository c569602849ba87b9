import type { ChannelModel } from "amqplib";
import { MAX_DEAD_READ } from "../bus.ts";
import { recoverWith } from "./connection.ts";

/** Looks into a queue of dead letters without taking any. It is read again only when their number has changed. */
export function createDeadLetters(queue: string) {
  let known = { count: 0, explained: 0 };

  async function read(model: ChannelModel): Promise<number> {
    const channel = recoverWith(await model.createChannel(), model);
    let explained = 0;
    for (let seen = 0; seen < MAX_DEAD_READ; seen++) {
      const letter = await channel.get(queue);
      if (!letter) break;
      if (letter.properties.headers?.["x-reason"] !== undefined) explained += 1;
    }
    // Not acknowledged, they go back.
    await channel.close();
    return explained;
  }

  return {
    /** How many of `count` say why they are there. */
    async countExplained(model: ChannelModel, count: number): Promise<number> {
      if (count !== known.count) known = { count, explained: count === 0 ? 0 : await read(model) };
      return known.explained;
    },
  };
}
