import Docker from "dockerode";
import { findDockerHost } from "./docker-host.ts";

/** The engine's API. Its version is left to be negotiated, so that old and new engines both answer. */
export function createEngine(): Docker {
  const host = findDockerHost(process.env);
  const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(host)?.[1];
  // Anything else (tcp, ssh) dockerode reads from DOCKER_HOST by itself, with the certificates beside it.
  return socket ? new Docker({ socketPath: socket }) : new Docker();
}
