// `npm start`: installs, builds what changed, then runs the dashboard on Node 24 and stays its owner.
//
//   npm ─▶ this launcher ─▶ server/main.ts ─▶ agent and system
//
// The launcher passes signals on, and ends what it runs when its own parent is gone: a SIGTERM that reaches only npm would
// otherwise orphan everything. The server watches the IPC channel in turn, so even a killed launcher ends it.
import { spawn } from "node:child_process";
import { endRuns, ensureBuilt, ensureInstalled, findNode, root, say } from "./prepare.mjs";

const STOP_LIMIT_MS = 15_000;

// From the first moment on: also what installs or builds must end with us.
const parent = process.ppid;
let server = null;
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
setInterval(() => process.ppid !== parent && stop(), 500).unref();

const args = process.argv.slice(2);
const dev = args.includes("--dev");

await ensureInstalled();
const node = findNode();
if (!dev) await ensureBuilt(node);

server = spawn(node, ["server/main.ts", ...args.filter((arg) => arg !== "--dev")], {
  cwd: root,
  stdio: ["inherit", "inherit", "inherit", "ipc"],
  env: { ...process.env, NODE_ENV: dev ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" },
  // Its own group: Ctrl-C reaches it once, through us, and not a second time from the terminal.
  detached: process.platform !== "win32",
});
server.on("exit", (code, signal) => {
  if (signal && !stopping)
    say(
      `The dashboard was ended by ${signal}; the system may run on. A new start on the same port cleans up after it.`,
    );
  process.exit(code ?? 1);
});

function stop() {
  if (stopping) return;
  stopping = true;
  if (!server) {
    endRuns();
    process.exit(130);
  }
  if (server.connected) server.disconnect();
  setTimeout(() => server.kill("SIGKILL"), STOP_LIMIT_MS).unref();
}
