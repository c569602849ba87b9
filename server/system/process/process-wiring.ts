import { AppError } from "../../lib/app-error.ts";
import { findEdges } from "../interpose.ts";
import type { SystemModel, Wiring } from "../model.ts";
import { findFreePorts } from "./free-ports.ts";

/** Where everything is in one run of local processes: a port each, for the whole run, so that what is started again comes back to its own. */
export type ProcessWiring = Wiring & {
  controlPort: number;
  intakePort: number;
  /** The port that a service's first port became; undefined where it has none. */
  mainPort(service: string): number | undefined;
};

export async function createProcessWiring(model: SystemModel): Promise<ProcessWiring> {
  const edges = findEdges(model);
  const places = new Set<string>();
  for (const service of model.services) for (const port of service.ports) places.add(`${service.id}:${port}`);
  for (const { callee, port } of edges) places.add(`${callee}:${port}`);

  const [controlPort = 0, intakePort = 0, ...ports] = await findFreePorts(2 + edges.length + places.size);
  const edgePorts = ports.slice(0, edges.length);
  const portOf = new Map([...places].map((place, index) => [place, ports[edges.length + index] ?? 0]));
  return {
    controlPort,
    intakePort,
    intakeUrl: `http://127.0.0.1:${intakePort}`,
    edgeListen(index) {
      const port = edgePorts[index];
      if (port === undefined) throw new AppError("internal", `There is no port for listener ${index}.`);
      return { bind: `127.0.0.1:${port}`, address: `127.0.0.1:${port}` };
    },
    upstream: (service, port) => `127.0.0.1:${portOf.get(`${service}:${port}`) ?? port}`,
    bindPort: (service, port) => portOf.get(`${service}:${port}`) ?? port,
    mainPort(service) {
      const first = model.services.find(({ id }) => id === service)?.ports[0];
      return first === undefined ? undefined : portOf.get(`${service}:${first}`);
    },
  };
}
