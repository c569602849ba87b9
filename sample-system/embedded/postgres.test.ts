import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { afterAll, expect, test } from "vitest";

const program = join(import.meta.dirname, "postgres.ts");
const folder = mkdtempSync(join(tmpdir(), "postgres-test-"));
const port = await freePort();
let server: ChildProcess | undefined;

afterAll(async () => {
  if (server) await end(server, "SIGINT");
  rmSync(folder, { recursive: true, force: true });
});

test("serves with the right password, refuses a wrong one, ends on SIGINT with 0", async () => {
  server = start();
  const client = await connect();
  expect((await client.query("select current_database() || ':' || current_user as who")).rows).toEqual([
    { who: "shop:shop" },
  ]);
  await client.query("create table kept (n int primary key)");
  await client.end();

  await expect(connect("wrong")).rejects.toMatchObject({ code: "28P01" });
  expect(await end(server, "SIGINT")).toEqual([0, null]);
});

test("after SIGKILL and restart no acknowledged row is lost, whoever has the old pid now", async () => {
  server = start();
  for (let n = 0; n < 3; n++) {
    const client = await connect();
    client.on("error", () => undefined);
    await client.query("insert into kept values ($1)", [n]);
    // A backend that is busy does not notice that its server died, and outlives it.
    client.query("select count(*) from generate_series(1, 1e9)").catch(() => undefined);
    await end(server, "SIGKILL");
    // Pids are recycled: to Postgres the parent of this test would pass for its running server.
    if (n === 1) writeFileSync(join(folder, "cluster", "postmaster.pid"), `${process.pid}\n`);
    server = start();
  }
  const client = await connect();
  expect((await client.query("select n from kept order by n")).rows.map(({ n }) => n)).toEqual([0, 1, 2]);
  await client.end();
});

test("a second server on the same folder is refused, and the first lives on", async () => {
  const second = start(await freePort());
  let said = "";
  second.stderr?.on("data", (text) => {
    said += text;
  });
  expect(await once(second, "close")).toEqual([1, null]);
  expect(said).toContain(`already runs on ${folder}`);
  await (await connect()).end();
});

function start(onPort = port): ChildProcess {
  return spawn(process.execPath, [program], {
    env: {
      ...process.env,
      PORT: String(onPort),
      POSTGRES_USER: "shop",
      POSTGRES_PASSWORD: "right",
      POSTGRES_DB: "shop",
      DATA_DIR: folder,
    },
    stdio: ["ignore", "ignore", "pipe"],
  }).on("error", (error) => {
    throw error;
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown[]> {
  const exit = once(child, "exit");
  child.kill(signal);
  return exit;
}

/** Asks until the server is there; a refused password is an answer. */
async function connect(password = "right"): Promise<pg.Client> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const client = new pg.Client({ host: "127.0.0.1", port, user: "shop", password, database: "shop" });
    try {
      await client.connect();
      return client;
    } catch (error) {
      const code = (error as { code?: string }).code;
      const starting = code === "ECONNREFUSED" || code === "ECONNRESET" || code === "57P03";
      if (!starting || Date.now() > deadline) throw error;
      await wait(20);
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}
