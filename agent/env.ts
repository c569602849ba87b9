import { agentPorts } from "#contract/agent-api.ts";
import { type Address, parseAddress } from "./address.ts";

export type AgentAddresses = { control: Address; intake: Address };

/** AGENT_CONTROL and AGENT_INTAKE, each host:port; port 0 takes a free one. Throws when one is no address. */
export function readEnv(env: NodeJS.ProcessEnv): AgentAddresses {
  return {
    control: parseAddress(env.AGENT_CONTROL || `127.0.0.1:${agentPorts.control}`),
    intake: parseAddress(env.AGENT_INTAKE || `127.0.0.1:${agentPorts.intake}`),
  };
}
