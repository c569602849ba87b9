// `npm start`: installs, builds what changed, then runs the dashboard on Node 24 and stays its owner.
//
//   npm ─▶ this launcher ─▶ server/main.ts ─▶ agent and system
//
// The launcher passes signals on, and ends the server when its own parent is gone: a SIGTERM that reaches only npm would
// otherwise orphan everything. The server watches the IPC channel in turn, so even a killed launcher ends it.
import { spawn } from "node:child_process";
import { ensureBuilt, ensureInstalled, findNode, root } from "./prepare.mjs";

const STOP_LIMIT_MS = 15_000;

const args = process.argv.slice(2);
const dev = args.includes("--dev");

await ensureInstalled();
const node = findNode();
if (!dev) await ensureBuilt(node);

const server = spawn(node, ["server/main.ts", ...args.filter((arg) => arg !== "--dev")], {
  cwd: root,
  stdio: ["inherit", "inherit", "inherit", "ipc"],
  env: { ...process.env, NODE_ENV: dev ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" },
  // Its own group: Ctrl-C reaches it once, through us, and not a second time from the terminal.
  detached: process.platform !== "win32",
});
server.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  if (server.connected) server.disconnect();
  setTimeout(() => server.kill("SIGKILL"), STOP_LIMIT_MS).unref();
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);

const parent = process.ppid;
setInterval(() => process.ppid !== parent && stop(), 500).unref();
