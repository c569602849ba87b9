import { type Channel, type ChannelModel, type ConfirmChannel, connect, type RecoveringChannelModel } from "amqplib";
import { log, toReason } from "./log.ts";
import { namePeer } from "./otel/peers.ts";

/*
 * The connection to RabbitMQ. It comes back by itself; `setup` runs after each connect and makes topology, channels and
 * consumers anew.
 *
 *   events (topic) ── routing key ──▶ queue of a consumer ── refused ──▶ dead-letters (direct) ──▶ <queue>.dead
 */
export const EVENTS_EXCHANGE = "events";
export const DEAD_LETTER_EXCHANGE = "dead-letters";

export type Broker = {
  /** One line, or null when connected. */
  waitingFor(): string | null;
  close(): Promise<void>;
};

const HEARTBEAT_SECONDS = 5;
const CONNECT_TIMEOUT_MS = 3_000;

export function connectBroker(url: string, setup: (model: ChannelModel) => Promise<void>): Broker {
  namePeer(url, "rabbitmq");
  const target = new URL(url);
  target.searchParams.set("heartbeat", String(HEARTBEAT_SECONDS));
  let connected = false;
  let connection: RecoveringChannelModel | undefined;

  async function begin() {
    connection = await connect(target.href, {
      timeout: CONNECT_TIMEOUT_MS,
      noDelay: true,
      recovery: { initialDelay: 100, maxDelay: 2_000, waitForConnect: false, setup },
    });
    let waiting = false;
    connection.on("error", () => {});
    connection.on("handler-error", (error: unknown) => log(`rabbitmq: ${toReason(error)}`));
    connection.on("connect", () => {
      connected = true;
      waiting = false;
      log("rabbitmq is connected");
    });
    connection.on("disconnect", (error) => {
      connected = false;
      log(`rabbitmq is gone: ${toReason(error)}`);
    });
    connection.on("connect-failed", (error) => {
      if (!waiting) log(`waiting for rabbitmq: ${toReason(error)}`);
      waiting = true;
    });
  }
  const begun = begin();

  return {
    waitingFor: () => (connected ? null : "rabbitmq"),
    async close() {
      await begun;
      await connection?.close();
    },
  };
}

/** A channel that breaks is made anew with its connection; its `error` event must find a listener. */
export function listenForErrors<C extends Channel | ConfirmChannel>(channel: C, model: ChannelModel): C {
  channel.on("error", (error) => {
    log(`rabbitmq channel: ${toReason(error)}`);
    // A channel alone does not recover. The connection does, and brings its channels back.
    model.close().catch(() => {});
  });
  return channel;
}
