import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An embedded stand-in for tests: frozen, killed and started again on the same port, with its data kept. */
export type StandIn = { port: number; start(): void; freeze(): void; kill(): Promise<void>; remove(): Promise<void> };

export async function createStandIn(program: "postgres" | "broker", env: Record<string, string>): Promise<StandIn> {
  const folder = mkdtempSync(join(tmpdir(), `corner-shop-${program}-`));
  const port = await findFreePort();
  let child: ChildProcess | undefined;

  async function kill() {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
  return {
    port,
    start() {
      child = spawn(process.execPath, [join(import.meta.dirname, `../../embedded/${program}.ts`)], {
        env: { ...process.env, ...env, PORT: String(port), HOST: "127.0.0.1", DATA_DIR: folder },
        stdio: "ignore",
      });
    },
    freeze: () => void child?.kill("SIGSTOP"),
    kill,
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
