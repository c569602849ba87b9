// Clone to live map: this commit cloned into an empty folder, then `npm start`, cold (nothing installed) and warm.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const LIMIT_MS = 300_000;
const port = 4_180;
const folder = mkdtempSync(join(tmpdir(), "faultline-clone-"));
const rows: Record<string, { seconds: number }> = {};

try {
  const clone = Date.now();
  execFileSync("git", ["clone", "-q", dirname(import.meta.dirname), folder]);
  rows.clone = seconds(clone);
  for (const runtime of ["process", "process", "docker", "docker"]) {
    const name = `${runtime}, ${rows[`${runtime}, first start`] ? "second" : "first"} start`;
    rows[name] = await start(runtime);
  }
} finally {
  console.table(rows);
  rmSync(folder, { recursive: true, force: true });
}

async function start(runtime: string): Promise<{ seconds: number }> {
  const began = Date.now();
  const npm = spawn("npm", ["start", "--", "--runtime", runtime, "--port", String(port)], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, FAULTLINE_DATA: join(folder, ".faultline") },
  });
  try {
    while (Date.now() - began < LIMIT_MS && npm.exitCode === null) {
      const state = await fetch(`http://127.0.0.1:${port}/api/state`)
        .then(
          (answer) => answer.json() as Promise<{ system: { status: string }; user: { successRatio: number | null } }>,
        )
        .catch(() => null);
      if (state?.system.status === "running" && state.user.successRatio !== null) return seconds(began);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return { seconds: Number.NaN };
  } finally {
    npm.kill("SIGTERM");
    if (npm.exitCode === null) await new Promise((resolve) => npm.once("exit", resolve));
  }
}

function seconds(began: number): { seconds: number } {
  return { seconds: Math.round((Date.now() - began) / 100) / 10 };
}
