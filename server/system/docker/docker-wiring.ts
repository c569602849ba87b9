import { agentPorts } from "#contract/agent-api.ts";
import type { Wiring } from "../model.ts";
import { AGENT_SERVICE } from "./override-file.ts";

/** In containers everything has its own address, so only the agent's listeners need numbers. */
export const dockerWiring: Wiring = {
  edgeListen(index) {
    const port = agentPorts.firstEdge + index;
    return { bind: `0.0.0.0:${port}`, address: `${AGENT_SERVICE}:${port}` };
  },
  upstream: (service, port) => `${service}:${port}`,
  bindPort: (_service, port) => port,
  intakeUrl: `http://${AGENT_SERVICE}:${agentPorts.intake}`,
};
