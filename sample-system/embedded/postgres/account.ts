import { execFileSync } from "node:child_process";

/** The unprivileged account that the server runs under; null keeps the present one, when that is not root. */
export type Account = { name: string; uid: number; gid: number } | null;

/** Postgres refuses to run as root, and needs an account with a name, so not any number will do. */
export function serverAccount(): Account {
  if (process.getuid?.() !== 0) return null;
  for (const name of ["postgres", "nobody"]) {
    try {
      return { name, uid: idOf("-u", name), gid: idOf("-g", name) };
    } catch {
      // No such account; the next one.
    }
  }
  throw new Error(
    "Postgres does not run as root, and here is neither a user `postgres` nor `nobody`; start as another user",
  );
}

function idOf(option: string, name: string): number {
  const id = Number(execFileSync("id", [option, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  if (!Number.isInteger(id) || id === 0) throw new Error(`${name} is not an unprivileged account`);
  return id;
}

/** For good: this process and what it becomes are that account's from now on. */
export function becomeAccount(account: Account): void {
  if (!account) return;
  process.setgroups?.([account.gid]);
  process.setgid?.(account.gid);
  process.setuid?.(account.uid);
}
