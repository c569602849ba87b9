import type Docker from "dockerode";
import { toDockerError } from "./to-docker-error.ts";

/*
 * The only way to containers, networks and volumes: by the label that compose gives to everything of a project. Nothing
 * else on the engine is ever touched, whatever a command says.
 */
const PROJECT_LABEL = "com.docker.compose.project";
const SERVICE_LABEL = "com.docker.compose.service";

export type OwnProject = {
  /** Filters for lists and events. */
  filters: { label: string[] };
  /** Containers by service name, whatever their state. */
  containers(): Promise<Map<string, string>>;
  /** Kills and removes everything of the project; how many containers there were. */
  remove(): Promise<number>;
  networks(): Promise<string[]>;
};

export function createOwnProject(engine: Docker, project: string): OwnProject {
  const filters = { label: [`${PROJECT_LABEL}=${project}`] };

  async function removeNetwork(id: string): Promise<void> {
    const network = engine.getNetwork(id);
    const { Containers } = (await network.inspect()) as { Containers?: Record<string, unknown> };
    // What is still in there is a dashboard in a container of its own: it is let go, not ended.
    for (const container of Object.keys(Containers ?? {}))
      await network.disconnect({ Container: container, Force: true });
    await network.remove();
  }

  return {
    filters,
    async containers() {
      const list = await engine.listContainers({ all: true, filters });
      return new Map(
        list.flatMap(({ Id, Labels }): [string, string][] => {
          const service = Labels[SERVICE_LABEL];
          return Labels[PROJECT_LABEL] === project && service ? [[service, Id]] : [];
        }),
      );
    },
    async networks() {
      return (await engine.listNetworks({ filters })).map(({ Id }) => Id);
    },
    async remove() {
      try {
        const containers = await engine.listContainers({ all: true, filters });
        await Promise.all(
          containers.map(({ Id }) => engine.getContainer(Id).remove({ force: true, v: true }).catch(ignoreGone)),
        );
        const networks = await engine.listNetworks({ filters });
        await Promise.all(networks.map(({ Id }) => removeNetwork(Id).catch(ignoreGone)));
        const { Volumes } = await engine.listVolumes({ filters });
        await Promise.all((Volumes ?? []).map(({ Name }) => engine.getVolume(Name).remove().catch(ignoreGone)));
        return containers.length;
      } catch (error) {
        throw toDockerError(error, "the earlier run");
      }
    },
  };
}

/** Somebody else removed it, or is just doing so. */
function ignoreGone(error: unknown): void {
  const { statusCode } = error as { statusCode?: number };
  if (statusCode !== 404 && statusCode !== 409) throw error;
}

/** The service that a container's labels name. */
export function toService(labels: Record<string, string> | undefined): string | undefined {
  return labels?.[SERVICE_LABEL];
}
