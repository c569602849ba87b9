import { agentPorts } from "#contract/agent-api.ts";
import type { SystemModel } from "../model.ts";

/** The agent's service name, and so its name in the system's networks. */
export const AGENT_SERVICE = "faultline-agent";

export type OverrideOptions = {
  model: SystemModel;
  /** Each service's rewritten environment; empty while only the agent is to start. */
  environment: Record<string, Record<string, string>>;
  /** The image that holds the agent, the folder that it is built from, and the image that is built upon. */
  agentImage: string;
  root: string;
  nodeImage: string | undefined;
};

/**
 * The compose override that puts the agent into a system: the agent as one more service, in every network of the system,
 * and each service's rewritten environment. JSON, which is YAML too.
 */
export function toOverride({ model, environment, agentImage, root, nodeImage }: OverrideOptions): string {
  const networks = [...new Set(model.services.flatMap(({ networks = ["default"] }) => networks))];
  const agent = {
    image: agentImage,
    build: { context: root, target: "app", ...(nodeImage ? { args: { NODE_IMAGE: nodeImage } } : {}) },
    command: ["node", "agent/main.ts"],
    environment: { AGENT_CONTROL: `0.0.0.0:${agentPorts.control}`, AGENT_INTAKE: `0.0.0.0:${agentPorts.intake}` },
    // Only the control port, only on this machine, at a port that the engine chooses.
    ports: [`127.0.0.1::${agentPorts.control}`],
    networks: networks.length > 0 ? networks : ["default"],
    // A name that is gone must not hold up the calls to others.
    dns_opt: ["timeout:1", "attempts:1"],
    init: true,
    stop_grace_period: "1s",
    labels: { "faultline.ignore": "true" },
  };
  const services = Object.fromEntries(
    Object.entries(environment).map(([id, variables]) => [id, { environment: variables }]),
  );
  return JSON.stringify(escapeDollars({ services: { ...services, [AGENT_SERVICE]: agent } }), null, 2);
}

/** Compose interpolates this file, too, and everything in it is meant as it stands. */
function escapeDollars(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("$", "$$$$");
  if (Array.isArray(value)) return value.map(escapeDollars);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escapeDollars(item)]));
}
