import { vi } from "vitest";
import { createStandIn } from "../../kit/testing/start-stand-in.ts";
import { startParticipants } from "./participants.ts";

/** What ordering needs around it: its database, the broker, and everyone else. */
export async function startWorld() {
  const [postgres, broker] = await Promise.all([
    createStandIn("postgres", { POSTGRES_USER: "ordering", POSTGRES_PASSWORD: "ordering", POSTGRES_DB: "ordering" }),
    createStandIn("broker", { RABBITMQ_DEFAULT_USER: "shop", RABBITMQ_DEFAULT_PASS: "shop" }),
  ]);
  postgres.start();
  broker.start();
  const databaseUrl = `postgres://ordering:ordering@127.0.0.1:${postgres.port}/ordering`;
  const brokerUrl = `amqp://shop:shop@127.0.0.1:${broker.port}`;
  const participants = await startParticipants(brokerUrl);
  await vi.waitFor(() => {
    if (participants.bus.waitingFor()) throw new Error("the broker has not come");
  });
  return {
    databaseUrl,
    brokerUrl,
    broker,
    participants,
    async remove() {
      await participants.close();
      await Promise.all([postgres.remove(), broker.remove()]);
    },
  };
}
export type World = Awaited<ReturnType<typeof startWorld>>;
