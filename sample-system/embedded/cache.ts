import { startCache } from "./cache/start-cache.ts";

/*
 * The `valkey` image's stand-in where there is no Docker: a cache that speaks RESP with what the shop uses, and no more.
 * What it does, it does as Valkey does (cache.test.ts runs against both); what it cannot do, it refuses. It keeps nothing
 * on disk: a cache that was killed comes back empty.
 */
const { PORT, HOST } = process.env;

try {
  const cache = await startCache({ host: HOST || "127.0.0.1", port: Number(PORT || 6379) });
  console.log(`cache ready on ${cache.address}`);
  const stop = async () => {
    await cache.close();
    process.exit(0);
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
} catch (error) {
  console.error(`cache: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
