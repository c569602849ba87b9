import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBroker } from "./broker/start-broker.ts";

/*
 * The `rabbitmq` image's stand-in where there is no Docker: an AMQP 0-9-1 broker with what the shop uses, and no more.
 * What it does, it does as RabbitMQ does (broker.test.ts runs against both); what it cannot do, it refuses.
 */

/** Clients have this long to answer the goodbye. */
const FAREWELL_MS = 700;

const { PORT, HOST, DATA_DIR, RABBITMQ_DEFAULT_USER, RABBITMQ_DEFAULT_PASS } = process.env;
const dataDir = DATA_DIR || mkdtempSync(join(tmpdir(), "corner-shop-broker-"));

try {
  const broker = await startBroker({
    host: HOST || "127.0.0.1",
    port: Number(PORT || 5672),
    dataDir,
    credentials: { user: RABBITMQ_DEFAULT_USER || "guest", password: RABBITMQ_DEFAULT_PASS || "guest" },
    failed: (error) => end(`cannot write the journal: ${error.message}`),
  });
  console.log(`broker ready on ${broker.address}, ${broker.restoredMessages} messages restored`);
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), FAREWELL_MS).unref();
    await broker.close();
    if (!DATA_DIR) rmSync(dataDir, { recursive: true, force: true });
    process.exit(0);
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
} catch (error) {
  end(error instanceof Error ? error.message : String(error));
}

function end(reason: string): void {
  console.error(`broker: ${reason}`);
  process.exit(1);
}
