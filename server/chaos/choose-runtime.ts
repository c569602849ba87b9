import { AppError } from "../lib/app-error.ts";
import { createRuntime } from "../system/create-runtime.ts";
import { dockerEngine, hasCompose } from "../system/docker/detect.ts";
import type { Runtime } from "../system/runtime.ts";

export type RuntimeChoice = {
  wanted: "auto" | "docker" | "process";
  /** Names everything that this dashboard makes, so that two of them never touch each other's. */
  project: string;
  dataFolder: string;
};

/** Docker when an engine and its compose command answer, else local processes; `why` says what decided where nobody asked for it. */
export async function chooseRuntime({ wanted, ...where }: RuntimeChoice): Promise<{ runtime: Runtime; why?: string }> {
  if (wanted === "process") return { runtime: createRuntime({ kind: "process", ...where }) };
  const engine = await dockerEngine();
  // Whoever asked for Docker is told later, and in full, what `docker compose` says.
  const lacks = !engine
    ? "no Docker engine answered"
    : wanted === "auto" && !(await hasCompose())
      ? "Docker has no compose command"
      : null;
  if (lacks === null) return { runtime: createRuntime({ kind: "docker", ...where }) };
  if (wanted === "auto") return { runtime: createRuntime({ kind: "process", ...where }), why: lacks };
  throw new AppError("unavailable", "No Docker engine answers; start Docker, or use: npm start -- --runtime process");
}
