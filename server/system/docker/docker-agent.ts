import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import { agentPorts } from "#contract/agent-api.ts";
import { AppError } from "../../lib/app-error.ts";
import { AGENT_SERVICE } from "./override-file.ts";
import { findOwnContainer } from "./own-container.ts";
import type { OwnProject } from "./own-project.ts";

const ANSWER_WITHIN_MS = 15_000;
const POLL_MS = 50;

/**
 * Starts the agent's container, with `create` where there is none, and says where its control port is: published on this
 * machine, or by its name when this dashboard is in a container itself, which then joins the system's network.
 */
export async function startDockerAgent(
  engine: Docker,
  project: OwnProject,
  create: () => Promise<void>,
): Promise<string> {
  const existing = (await project.containers()).get(AGENT_SERVICE);
  if (existing) await engine.getContainer(existing).restart({ t: 0 });
  else await create();
  const id = (await project.containers()).get(AGENT_SERVICE);
  if (!id) throw new AppError("unavailable", "The agent's container is gone: start again.");
  const own = await findOwnContainer(engine);
  if (own) await join(engine, project, own);
  const controlUrl = own ? `http://${AGENT_SERVICE}:${agentPorts.control}` : await findPublished(engine, id);
  const until = Date.now() + ANSWER_WITHIN_MS;
  while (Date.now() < until) {
    const answer = await fetch(`${controlUrl}/faultline/health`, { signal: AbortSignal.timeout(1_000) }).catch(
      () => null,
    );
    if (answer?.ok) return controlUrl;
    await delay(POLL_MS);
  }
  throw new AppError(
    "unavailable",
    `The agent did not answer: read \`docker logs ${id.slice(0, 12)}\` and start again.`,
  );
}

async function findPublished(engine: Docker, id: string): Promise<string> {
  const { NetworkSettings } = await engine.getContainer(id).inspect();
  const port = NetworkSettings.Ports[`${agentPorts.control}/tcp`]?.[0]?.HostPort;
  if (!port)
    throw new AppError(
      "unavailable",
      "The agent's container ended at once: read its log with docker logs, and start again.",
    );
  return `http://127.0.0.1:${port}`;
}

async function join(engine: Docker, project: OwnProject, own: string): Promise<void> {
  for (const network of await project.networks()) {
    await engine
      .getNetwork(network)
      .connect({ Container: own })
      .catch((error: { statusCode?: number }) => {
        // 403: it is in there already.
        if (error.statusCode !== 403) throw error;
      });
  }
}
