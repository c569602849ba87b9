import type Docker from "dockerode";
import type { ServiceModel, SystemModel } from "../model.ts";
import { AGENT_SERVICE } from "./override-file.ts";
import { toDockerError } from "./to-docker-error.ts";

/**
 * The services to name to `compose build`: the agent, and one for each further image that the file says how to build.
 * The services of one image are built once.
 */
export function toBuilds(model: SystemModel, agentImage: string): string[] {
  const seen = new Set([agentImage]);
  const services = model.services.filter(({ id, built, image = `${id} alone` }) => {
    if (!built || seen.has(image)) return false;
    seen.add(image);
    return true;
  });
  return [AGENT_SERVICE, ...services.map(({ id }) => id)];
}

/** One service for each image that nobody builds and the engine does not have. */
export async function findMissingImages(engine: Docker, model: SystemModel): Promise<ServiceModel[]> {
  const byImage = new Map(
    model.services.filter(({ built, image }) => !built && image).map((service) => [service.image ?? "", service]),
  );
  const missing = await Promise.all(
    [...byImage].map(async ([image, service]) => {
      try {
        await engine.getImage(image).inspect();
        return [];
      } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 404) return [service];
        throw toDockerError(error, image);
      }
    }),
  );
  return missing.flat();
}
