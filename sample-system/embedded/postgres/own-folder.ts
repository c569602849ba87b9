import { createHash } from "node:crypto";
import { chownSync, existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Account } from "./account.ts";
import { canReach } from "./can-reach.ts";
import type { PostgresSettings } from "./settings.ts";

/**
 * The folder for the cluster, made and owned so that the server's account can use it. Where DATA_DIR lies under a home
 * that is closed to that account, the data go to the temporary folder; a note in DATA_DIR says so, and when DATA_DIR is
 * removed the next start begins with an empty cluster, as it would have without the detour.
 */
export function openDataFolder(settings: PostgresSettings, account: Account): string {
  if (!settings.dataDir) {
    return ownFolder(
      join(tmpdir(), `corner-shop-postgres-${settings.user}-${settings.database}-${settings.port}`),
      account,
    );
  }
  const wanted = resolve(settings.dataDir);
  mkdirSync(wanted, { recursive: true });
  if (canReach(wanted, account)) return ownFolder(wanted, account);

  const detour = join(
    tmpdir(),
    `corner-shop-postgres-${createHash("sha256").update(wanted).digest("hex").slice(0, 16)}`,
  );
  const note = join(wanted, "data-is-elsewhere.txt");
  if (!existsSync(note)) {
    if (existsSync(detour)) rmSync(ownFolder(detour, account), { recursive: true });
    writeFileSync(note, `${account?.name} cannot reach this folder; the data are in ${detour}\n`);
  }
  return ownFolder(detour, account);
}

/** Makes a folder and gives it to the account. In a folder open to all, another user's prepared folder or link is refused. */
export function ownFolder(folder: string, account: Account): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const ours = found.uid === process.getuid?.() || found.uid === account?.uid || process.getuid === undefined;
  if (!found.isDirectory() || !ours) throw new Error(`${folder} belongs to another user; remove it, or set DATA_DIR`);
  if (account) chownSync(folder, account.uid, account.gid);
  return folder;
}
