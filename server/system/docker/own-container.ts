import { existsSync } from "node:fs";
import { hostname } from "node:os";
import type Docker from "dockerode";

/** The id of the container that this dashboard runs in, on this very engine; null when it runs on the machine itself. */
export async function findOwnContainer(engine: Docker): Promise<string | null> {
  if (!existsSync("/.dockerenv")) return null;
  try {
    return (await engine.getContainer(hostname()).inspect()).Id;
  } catch {
    // In a container, but of another engine, or with a host name of its own.
    return null;
  }
}
