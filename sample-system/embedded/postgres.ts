import { writeSync } from "node:fs";
import { join } from "node:path";
import { becomeAccount, serverAccount } from "./postgres/account.ts";
import { becomeProcess } from "./postgres/become-process.ts";
import { findBinaries } from "./postgres/binaries.ts";
import { createCluster, serverArguments } from "./postgres/cluster.ts";
import { clearLeftovers } from "./postgres/leftovers.ts";
import { openDataFolder } from "./postgres/own-folder.ts";
import { readSettings } from "./postgres/settings.ts";

/*
 * The `postgres` image's stand-in where there is no Docker: real Postgres, from npm.
 *
 *   settings ─▶ binaries ─▶ data folder ─▶ leftovers of a SIGKILL cleared ─▶ drop root ─▶ initdb, once ─▶ become Postgres
 *
 * At the end this process *is* Postgres (execve): pid, signals and exit codes are Postgres' own, so a kill or a pause
 * means what it means in a container.
 */
try {
  const settings = readSettings(process.env);
  const account = serverAccount();
  const binaries = await findBinaries(account);
  const cluster = join(openDataFolder(settings, account), "cluster");
  await clearLeftovers(cluster);

  // From here on as the server's account: what it makes is its own, and Postgres refuses to run as root.
  becomeAccount(account);
  await createCluster(cluster, settings, binaries);

  // The server's working folder for the moment; whatever we were started in may be closed to its account.
  process.chdir(cluster);
  becomeProcess(binaries.postgres, serverArguments(cluster, settings));
} catch (error) {
  // Not console: it would make the pipe behind stderr non-blocking, for Postgres too, which then loses lines.
  writeSync(2, `postgres: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
