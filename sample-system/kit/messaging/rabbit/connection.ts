import { type ChannelModel, connect, type RecoveringChannelModel } from "amqplib";
import { log, toReason } from "../../log.ts";
import { namePeer } from "../../otel/peers.ts";

/** Runs after each connect; makes channels, queues and consumers anew. */
export type Setup = (model: ChannelModel) => Promise<void>;

export type Connection = {
  addSetup(setup: Setup): void;
  /** One line, or null when connected. */
  waitingFor(): string | null;
  close(): Promise<void>;
};

const HEARTBEAT_SECONDS = 5;
const CONNECT_TIMEOUT_MS = 3_000;

/** The one connection of a service to RabbitMQ. It comes back by itself. */
export function connectRabbit(url: string): Connection {
  namePeer(url, "rabbitmq");
  const target = new URL(url);
  target.searchParams.set("heartbeat", String(HEARTBEAT_SECONDS));
  const setups: Setup[] = [];
  let current: ChannelModel | undefined;
  let connection: RecoveringChannelModel | undefined;

  async function setUp(model: ChannelModel) {
    // While it is set up nobody else listens, and it may break already.
    model.on("error", () => {});
    // By index: one may be added meanwhile.
    for (let done = 0; done < setups.length; done++) await setups[done]?.(model);
    current = model;
  }

  async function begin() {
    connection = await connect(target.href, {
      timeout: CONNECT_TIMEOUT_MS,
      noDelay: true,
      recovery: { initialDelay: 100, maxDelay: 2_000, waitForConnect: false, setup: setUp },
    });
    let waiting = false;
    connection.on("error", () => {});
    connection.on("handler-error", (error: unknown) => log(`rabbitmq: ${toReason(error)}`));
    connection.on("connect", () => {
      waiting = false;
      log("rabbitmq is connected");
    });
    connection.on("disconnect", (error) => {
      current = undefined;
      log(`rabbitmq is gone: ${toReason(error)}`);
    });
    connection.on("connect-failed", (error) => {
      current = undefined;
      if (!waiting) log(`waiting for rabbitmq: ${toReason(error)}`);
      waiting = true;
    });
  }
  const begun = begin();

  return {
    addSetup(setup) {
      setups.push(setup);
      const model = current;
      // What fails here is done again with the next connection.
      if (model) setup(model).catch(() => model.close().catch(() => {}));
    },
    waitingFor: () => (current ? null : "rabbitmq"),
    async close() {
      await begun;
      current = undefined;
      await connection?.close();
    },
  };
}

/** A channel alone does not recover. The connection does, and brings its channels back. */
export function recoverWith<C extends { on(event: "error", listener: (error: Error) => void): unknown }>(
  channel: C,
  model: ChannelModel,
): C {
  channel.on("error", (error) => {
    log(`rabbitmq channel: ${toReason(error)}`);
    model.close().catch(() => {});
  });
  return channel;
}
