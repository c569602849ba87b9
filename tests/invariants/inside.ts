// Runs a piece of JavaScript where a component runs, with the environment that the component itself was given.
import { type ExecFileException, execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RuntimeKind } from "#contract/state.ts";
import type { Product } from "../e2e/product.ts";

/** Resolves with what `script` (a module) prints, as JSON; `input` is its process.argv[2], as JSON. */
export type Inside = <T>(component: string, script: string, input?: unknown) => Promise<T>;

const LIMIT_MS = 20_000;
const sampleSystem = fileURLToPath(new URL("../../sample-system/", import.meta.url));

export function createInside(product: Product, runtime: RuntimeKind): Inside {
  return async (component, script, input = null) => {
    const node = ["--input-type=module", "-", JSON.stringify(input)];
    if (runtime === "docker") {
      const container = await findContainer(product.port, component);
      // Without the service's own options: what runs here leaves no spans and has a heap of its own.
      const args = ["exec", "-i", "-e", "NODE_OPTIONS=", container, "node", ...node];
      return JSON.parse(await run("docker", args, script, process.env));
    }
    const environment = await readEnvironment(product.dataFolder, component);
    return JSON.parse(await run(process.execPath, node, script, { ...environment, NODE_OPTIONS: "" }));
  };
}

async function findContainer(port: number, component: string): Promise<string> {
  const labels = [`project=faultline-${port}`, `service=${component}`];
  const filters = labels.flatMap((label) => ["--filter", `label=com.docker.compose.${label}`]);
  const [id] = (await run("docker", ["ps", "-q", ...filters], "", process.env)).split("\n");
  if (!id) throw new Error(`there is no container of ${component}`);
  return id;
}

async function readEnvironment(dataFolder: string, component: string): Promise<NodeJS.ProcessEnv> {
  const files = readdirSync(dataFolder, { recursive: true, encoding: "utf8" });
  const file = files.find((path) => path.endsWith("run.json"));
  if (!file) throw new Error("the process runtime has written no run.json");
  const run = JSON.parse(readFileSync(join(dataFolder, file), "utf8")) as {
    processes: { name: string; pid: number }[];
  };
  const pid = run.processes.find(({ name }) => name === component)?.pid;
  if (!pid) throw new Error(`${component} does not run`);
  const pairs = existsSync(`/proc/${pid}/environ`)
    ? readFileSync(`/proc/${pid}/environ`, "utf8").split("\0")
    : (await ps(pid)).split(/ (?=[A-Z_][A-Z0-9_]*=)/);
  const environment: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at > 0) environment[pair.slice(0, at)] = pair.slice(at + 1).trim();
  }
  return environment as NodeJS.ProcessEnv;
}

/** macOS: the command line, and after it the environment. */
function ps(pid: number): Promise<string> {
  return run("ps", ["eww", "-o", "command=", "-p", String(pid)], "", process.env);
}

function run(file: string, args: string[], stdin: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env, cwd: sampleSystem, timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(file, args, options, (error: ExecFileException | null, stdout, stderr) => {
      if (error) reject(new Error(`${file} ${args[0]}: ${stderr.trim() || error.message}`));
      else resolve(stdout.trim());
    });
    child.stdin?.on("error", () => {}).end(stdin);
  });
}
