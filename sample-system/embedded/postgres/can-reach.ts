import { spawnSync } from "node:child_process";
import type { Account } from "./account.ts";

/** Whether the account can enter this folder, asked of the kernel, since owners, groups and ACLs of every parent count. */
export function canReach(folder: string, account: Account): boolean {
  if (!account) return true;
  const probe = spawnSync("/bin/sh", ["-c", 'cd "$1/.." && [ -e "$1" ]', "sh", folder], {
    uid: account.uid,
    gid: account.gid,
    stdio: "ignore",
    cwd: "/",
  });
  return probe.status === 0;
}
