import type { RuntimeKind } from "#contract/state.ts";
import { createDockerRuntime } from "./docker/docker-runtime.ts";
import { createProcessRuntime } from "./process/process-runtime.ts";
import type { Runtime } from "./runtime.ts";

/**
 * `project` names everything that is made (`faultline-<port>`), so that two dashboards never meet; `dataFolder` is this
 * run's own, absolute.
 */
export type RuntimeOptions = { kind: RuntimeKind; project: string; dataFolder: string };

export function createRuntime({ kind, project, dataFolder }: RuntimeOptions): Runtime {
  return kind === "docker" ? createDockerRuntime({ project, dataFolder }) : createProcessRuntime({ dataFolder });
}
