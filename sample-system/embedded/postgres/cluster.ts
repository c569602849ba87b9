import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Binaries } from "./binaries.ts";
import type { PostgresSettings } from "./settings.ts";

/**
 * Makes the cluster with its user and database, unless it is there. It gets its name only when it is complete, so a start
 * that is killed half-way leaves nothing that looks like one. 0.4 s; copying a template would take 0.1 s, but needs locks.
 */
export async function createCluster(cluster: string, settings: PostgresSettings, binaries: Binaries): Promise<void> {
  if (existsSync(cluster)) return;
  const folder = dirname(cluster);
  for (const left of readdirSync(folder)) {
    if (left.startsWith(`${basename(cluster)}.`)) rmSync(join(folder, left), { recursive: true, force: true });
  }
  const unfinished = `${cluster}.${process.pid}`;
  const passwordFile = join(folder, `${basename(cluster)}.password.${process.pid}`);
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, settings.password, { mode: 0o600 });

  const stop = new AbortController();
  const end = () => {
    stop.abort();
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
    process.exit(0);
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  try {
    await run(binaries.initdb, initialArguments(unfinished, settings.user, passwordFile), { signal: stop.signal });
    writeFileSync(join(unfinished, "pg_hba.conf"), "host all all all scram-sha-256\n", { mode: 0o600 });
    if (settings.database !== "postgres") {
      const arguments_ = ["--single", "-D", unfinished, "-c", "fsync=off", "-c", "log_checkpoints=off", "postgres"];
      const sql = `CREATE DATABASE "${settings.database.replaceAll('"', '""')}"\n`;
      await run(binaries.postgres, arguments_, { signal: stop.signal, input: sql });
    }
    renameSync(unfinished, cluster);
  } finally {
    rmSync(passwordFile, { force: true });
    process.off("SIGINT", end).off("SIGTERM", end);
  }
}

/** Sorting and case by code point, the same on every platform; small log segments, since the clusters are many and tiny. */
function initialArguments(folder: string, user: string, passwordFile: string): string[] {
  return [
    ...["-D", folder, "-U", user, `--pwfile=${passwordFile}`, "--auth=scram-sha-256", "--no-sync"],
    ...["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    ...["--wal-segsize=1", "--no-data-checksums", "--no-instructions"],
  ];
}

/** A name by which the server's processes are known in the process table. */
export function clusterName(cluster: string): string {
  return `corner-shop-${createHash("sha256").update(cluster).digest("hex").slice(0, 12)}`;
}

/**
 * Durable against the kills that we are here for, which spare the kernel: a commit is written, not flushed. Page images
 * stay on, because a kill can tear a page between its two halves.
 */
export function serverArguments(cluster: string, settings: PostgresSettings): string[] {
  const options: Record<string, string> = {
    listen_addresses: settings.host,
    port: String(settings.port),
    unix_socket_directories: "",
    cluster_name: clusterName(cluster),
    fsync: "off",
    synchronous_commit: "on",
    shared_buffers: "16MB",
    max_connections: "30",
    jit: "off",
    // Fewer processes for each of the many clusters: no readers, no replication.
    io_method: "sync",
    wal_level: "minimal",
    max_wal_senders: "0",
    max_logical_replication_workers: "0",
    max_wal_size: "64MB",
    log_checkpoints: "off",
    log_line_prefix: "[%p] ",
  };
  return ["-D", cluster, ...Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

function run(file: string, arguments_: string[], options: { signal: AbortSignal; input?: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      file,
      arguments_,
      { signal: options.signal, env: { ...process.env, LC_ALL: "C" }, cwd: "/" },
      (error, stdout, stderr) => {
        // `postgres --single` ends with 0 even when the statement failed.
        const failure = /^.*(?:ERROR|FATAL|PANIC): .*$/m.exec(stderr)?.[0];
        if (!error && !failure) return resolve();
        const said =
          failure ?? (stderr.trim().split("\n").at(-1) || stdout.trim().split("\n").at(-1) || error?.message);
        reject(new Error(`${basename(file)} failed: ${said}`));
      },
    );
    child.stdin?.on("error", () => undefined).end(options.input ?? "");
  });
}
