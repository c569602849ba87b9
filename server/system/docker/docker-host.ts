import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where the engine is, so that the docker command and dockerode speak to the same one: DOCKER_HOST, else the chosen
 * context of the docker command (Docker Desktop, Colima and others make one), else the usual socket.
 */
export function findDockerHost(environment: NodeJS.ProcessEnv): string {
  if (environment.DOCKER_HOST) return environment.DOCKER_HOST;
  const context = readContextHost(environment);
  if (context) return context;
  if (process.platform === "win32") return "npipe:////./pipe/docker_engine";
  const desktop = join(homedir(), ".docker", "run", "docker.sock");
  return `unix://${!existsSync("/var/run/docker.sock") && existsSync(desktop) ? desktop : "/var/run/docker.sock"}`;
}

function readContextHost(environment: NodeJS.ProcessEnv): string | null {
  const folder = environment.DOCKER_CONFIG || join(homedir(), ".docker");
  try {
    const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as { currentContext?: string };
    const name = environment.DOCKER_CONTEXT || config.currentContext;
    if (!name || name === "default") return null;
    const id = createHash("sha256").update(name).digest("hex");
    const meta = JSON.parse(readFileSync(join(folder, "contexts", "meta", id, "meta.json"), "utf8")) as {
      Endpoints?: { docker?: { Host?: string } };
    };
    return meta.Endpoints?.docker?.Host || null;
  } catch {
    // No configuration: the docker command takes its default, too.
    return null;
  }
}
