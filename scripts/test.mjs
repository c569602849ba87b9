// `npm test`: the suites that this machine can run, one after the other, and one line of counts at the end.
//   checks       format, lint, types, rooms, unused code
//   unit         pure tests, real sockets and real processes (Vitest)
//   containers   the runtime against a Docker engine (Vitest)
//   browser      the product as a person uses it, in both runtimes (Playwright)
// and only when asked for by name, since each of them takes a quarter of an hour of an otherwise quiet machine:
//   lessons      what breaking each part of Corner Shop teaches, without the patterns and with them, in both runtimes (Vitest)
//   invariants   components killed at random, and every attempt to reach another's database, in both runtimes (Vitest)
// What cannot run is named with the reason; under CI=true that is a failure.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, findNode, refuse, root, run, say } from "./prepare.mjs";

const only = process.argv[2];
const usual = ["checks", "unit", "containers", "browser"];
const suites = [...usual, "lessons", "invariants"];
if (only && !suites.includes(only)) refuse(`There is no suite "${only}"; there are ${suites.join(", ")}.`);

await ensureInstalled();
const node = findNode();
const bin = (name) => join(root, "node_modules", ".bin", name);
const reports = join(root, "test-results");
mkdirSync(reports, { recursive: true });

const ci = process.env.CI === "true";
const totals = { passed: 0, failed: 0, skipped: 0 };
// Node 24 first, for everything that asks for `node` by name.
const env = {
  ...process.env,
  PATH: `${join(root, "node_modules", ".bin")}:${process.env.PATH}`,
  NEXT_TELEMETRY_DISABLED: "1",
};

if (wanted("checks")) {
  heading("checks");
  for (const [name, command] of [
    ["format and lint", [bin("biome"), "ci", ".", ...(process.stdout.isTTY ? [] : ["--colors=off"])]],
    ["types", [bin("tsc"), "--noEmit"]],
    ["unused code", [bin("knip")]],
    ["rooms", [node, "scripts/check-rooms.ts"]],
  ]) {
    count(name, (await run(command, { env })) === 0);
  }
}

if (wanted("unit")) {
  heading("unit");
  await vitest("unit", ["--config", "vitest.config.ts"]);
}

if (wanted("containers")) {
  heading("containers");
  if (dockerAnswers()) await vitest("containers", ["--config", "tests/docker/vitest.config.ts"]);
  else skip("containers", "no Docker engine answers; start one (or Docker Desktop) to run it");
}

if (wanted("browser")) {
  heading("browser");
  const browser = await findBrowser();
  if (!browser) {
    skip("browser", "no Chromium was found and none could be installed; install one, or name it in CHROMIUM_PATH");
  } else {
    await ensureBuilt(node);
    const projects = ["process"];
    if (dockerAnswers()) projects.push("docker");
    else skip("browser, in containers", "no Docker engine answers");
    await playwright(projects, browser);
  }
}

for (const suite of ["lessons", "invariants"]) {
  if (!wanted(suite)) continue;
  heading(suite);
  await ensureBuilt(node);
  await played(suite, "process");
  if (dockerAnswers()) await played(suite, "docker");
  else skip(`${suite}, in containers`, "no Docker engine answers");
}

say("");
say(`${totals.passed} passed, ${totals.failed} failed${totals.skipped ? `, ${totals.skipped} skipped` : ""}`);
process.exit(totals.failed > 0 ? 1 : 0);

function wanted(suite) {
  return only ? only === suite : usual.includes(suite);
}

function heading(name) {
  say(`\n── ${name} ${"─".repeat(60 - name.length)}`);
}

function count(name, passed) {
  totals[passed ? "passed" : "failed"] += 1;
  say(`${passed ? "✓" : "✗"} ${name}`);
}

function skip(name, reason) {
  say(`${ci ? "✗" : "–"} ${name} was not run: ${reason}`);
  totals[ci ? "failed" : "skipped"] += 1;
}

async function played(suite, runtime) {
  const args = ["--config", `tests/${suite}/vitest.config.ts`];
  return vitest(`${suite}-${runtime}`, args, { FAULTLINE_RUNTIME: runtime });
}

async function vitest(name, args, settings = {}) {
  const file = join(reports, `${name}.json`);
  rmSync(file, { force: true });
  const code = await run(
    [
      node,
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      ...args,
      "--reporter=default",
      "--reporter=json",
      `--outputFile=${file}`,
    ],
    { env: { ...env, ...settings } },
  );
  const report = readReport(file);
  addCounts(report?.numPassedTests ?? 0, report?.numFailedTests ?? 0, report?.numPendingTests ?? 0, code);
}

async function playwright(projects, browser) {
  const file = join(reports, "browser.json");
  rmSync(file, { force: true });
  const code = await run([bin("playwright"), "test", ...projects.map((project) => `--project=${project}`)], {
    env: { ...env, CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  });
  const stats = readReport(file)?.stats;
  addCounts((stats?.expected ?? 0) + (stats?.flaky ?? 0), stats?.unexpected ?? 0, stats?.skipped ?? 0, code);
}

function addCounts(passed, failed, skipped, code) {
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  // A runner that broke without naming a failed test has failed all the same.
  if (code !== 0 && failed === 0) totals.failed += 1;
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

function dockerAnswers() {
  return spawnSync("docker", ["info"], { stdio: "ignore", timeout: 10_000 }).status === 0;
}

/** A Chromium's path: named, on the system, Playwright's own, or freshly downloaded by Playwright. */
async function findBrowser() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return existsSync(named) ? named : refuse(`CHROMIUM_PATH names ${named}, and there is no such file.`);
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // Not on the PATH: the next name.
    }
  }
  const own = () => createRequire(join(root, "package.json"))("@playwright/test").chromium.executablePath();
  if (!existsSync(own())) {
    say("Installing a browser for the tests (once)");
    await run([bin("playwright"), "install", "chromium"], { env, stdio: ["ignore", "pipe", "pipe"] });
  }
  return existsSync(own()) ? own() : null;
}
