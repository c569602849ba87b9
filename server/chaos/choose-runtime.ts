import { AppError } from "../lib/app-error.ts";
import { createRuntime } from "../system/create-runtime.ts";
import { dockerEngine } from "../system/docker/detect.ts";
import type { Runtime } from "../system/runtime.ts";

export type RuntimeChoice = {
  wanted: "auto" | "docker" | "process";
  /** Names everything that this dashboard makes, so that two of them never touch each other's. */
  project: string;
  dataFolder: string;
};

/** Docker when an engine answers, else local processes; `why` says what decided where nobody asked for it. */
export async function chooseRuntime({ wanted, ...where }: RuntimeChoice): Promise<{ runtime: Runtime; why?: string }> {
  if (wanted === "process") return { runtime: createRuntime({ kind: "process", ...where }) };
  const engine = await dockerEngine();
  if (engine) return { runtime: createRuntime({ kind: "docker", ...where }) };
  if (wanted === "auto") {
    return { runtime: createRuntime({ kind: "process", ...where }), why: "no Docker engine answered" };
  }
  throw new AppError("unavailable", "No Docker engine answers; start Docker, or use: npm start -- --runtime process");
}
