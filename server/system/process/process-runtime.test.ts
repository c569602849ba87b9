import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { describeRuntime } from "../conformance.ts";
import type { SystemModel, Wiring } from "../model.ts";
import type { Runtime } from "../runtime.ts";
import { createProcessRuntime } from "./process-runtime.ts";

const dataFolder = mkdtempSync(join(tmpdir(), "faultline-runtime-"));
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));

describeRuntime("process", () => {
  let wiring: Wiring;
  return {
    create() {
      const runtime = createProcessRuntime({ dataFolder });
      const prepare = async (model: SystemModel, signal: AbortSignal) => {
        wiring = await runtime.prepare(model, signal);
        return wiring;
      };
      return { ...runtime, prepare } satisfies Runtime;
    },
    async ask(component, path, timeoutMs) {
      const url = `http://${wiring.upstream(component, 3000)}${path}`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
      return answer.text();
    },
    async killAgent() {
      const { processes } = JSON.parse(readFileSync(join(dataFolder, "run.json"), "utf8"));
      process.kill(processes.find(({ name }: { name: string }) => name === "faultline-agent").pid, "SIGKILL");
    },
    leftovers: async () => findProcesses(dataFolder),
  };
});

/** Processes that were given this folder as their data folder. */
function findProcesses(folder: string): string[] {
  const lines = execFileSync("ps", ["axeww", "-o", "command="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(`DATA_DIR=${folder}`)).map((line) => line.slice(0, 60));
}
