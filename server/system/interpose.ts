import { findOwnPorts } from "./compose/own-ports.ts";
import type { EdgeModel, InterposedSystem, ServiceModel, SystemModel, Wiring } from "./model.ts";
import { type Edit, findReferences, type Reference } from "./references.ts";

/*
 * Puts the agent on every edge, without changing the system. Pure:
 *
 *   front: BACK_URL=http://back:3000
 *     ─▶ edge      front->back, port 3000, http
 *     ─▶ listener  wiring.edgeListen(n)  ──upstream──▶  wiring.upstream(back, 3000)
 *     ─▶ front: BACK_URL=http://<listener>
 *
 * Only the reference is rewritten; what stands around it stays as it was, byte for byte. An observer's calls are no
 * edges: its references lead straight to where the agent's listeners would.
 */

/** The edges of a system, in the order in which they get their listeners: by service, then by variable. */
export function findEdges(model: SystemModel): EdgeModel[] {
  const edges = new Map<string, EdgeModel & { explicit: boolean }>();
  const callees = new Set<string>();
  for (const caller of model.services) {
    if (caller.observer) continue;
    for (const { callee, port, protocol, explicit } of findReferences(caller, model.services).references) {
      if (callee === caller.id) continue;
      const key = toKey(caller.id, callee, port);
      const known = edges.get(key);
      if (known) {
        if (explicit && !known.explicit) Object.assign(known, { protocol, explicit });
        continue;
      }
      const pair = `${caller.id}->${callee}`;
      const id = callees.has(pair) ? key : pair;
      callees.add(pair);
      edges.set(key, { id, caller: caller.id, callee, port, protocol, explicit });
    }
  }
  return [...edges.values()].map(({ explicit, ...edge }) => edge);
}

export function interpose(model: SystemModel, wiring: Wiring): InterposedSystem {
  const warnings: string[] = [];
  const addresses = new Map<string, string>();
  const edges = findEdges(model).map((edge, index) => {
    const listen = wiring.edgeListen(index);
    addresses.set(toKey(edge.caller, edge.callee, edge.port), listen.address);
    return { ...edge, listen: listen.bind, address: listen.address, upstream: wiring.upstream(edge.callee, edge.port) };
  });
  const environment: Record<string, Record<string, string>> = {};
  for (const service of model.services) {
    const found = findReferences(service, model.services);
    warnings.push(...found.warnings);
    environment[service.id] = {
      ...rewrite(service, found.references, wiring, (reference) =>
        service.observer || reference.callee === service.id
          ? wiring.upstream(reference.callee, reference.port)
          : (addresses.get(toKey(service.id, reference.callee, reference.port)) ?? ""),
      ),
      ...toAgentVariables(service, wiring),
    };
  }
  return { model, edges, environment, warnings: [...new Set(warnings)], resets: toResets(model, wiring) };
}

function toResets({ reset = [], services }: SystemModel, wiring: Wiring): InterposedSystem["resets"] {
  return reset.flatMap((component) => {
    const [port] = services.find(({ id }) => id === component)?.ports ?? [];
    return port === undefined ? [] : [{ component, address: wiring.upstream(component, port) }];
  });
}

function rewrite(
  service: ServiceModel,
  references: Reference[],
  wiring: Wiring,
  toAddress: (reference: Reference) => string,
): Record<string, string> {
  const environment = { ...service.environment };
  const edits: (Edit & { text: string })[] = references.flatMap((reference) => {
    const address = toAddress(reference);
    const colon = address.lastIndexOf(":");
    const texts = { address, host: address.slice(0, colon), port: address.slice(colon + 1) };
    return reference.edits.map((edit) => ({ ...edit, text: texts[edit.part] }));
  });
  // From the end, so that the places of those still to come stay true. A port that two hosts share is written once.
  edits.sort((a, b) => b.start - a.start);
  const done = new Set<string>();
  for (const { variable, start, end, text } of edits) {
    const place = `${variable}:${start}`;
    if (done.has(place)) continue;
    done.add(place);
    const value = environment[variable] ?? "";
    environment[variable] = value.slice(0, start) + text + value.slice(end);
  }
  const rewritten = new Set(edits.map(({ variable }) => variable));
  for (const { variable, port } of findOwnPorts(service.id, service.environment)) {
    if (!rewritten.has(variable)) environment[variable] = String(wiring.bindPort(service.id, port));
  }
  return environment;
}

/** Where telemetry goes and policies come from, for what runs code; databases and brokers have no use for either. */
function toAgentVariables(service: ServiceModel, wiring: Wiring): Record<string, string> {
  if (service.kind === "database" || service.kind === "broker" || service.kind === "cache") return {};
  const { environment } = service;
  const protocol = environment.OTEL_EXPORTER_OTLP_PROTOCOL;
  const variables: Record<string, string> = {
    OTEL_EXPORTER_OTLP_ENDPOINT: wiring.intakeUrl,
    // The agent listens for OTLP over HTTP; several SDKs would choose gRPC by themselves.
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol?.startsWith("http/") ? protocol : "http/protobuf",
    OTEL_SERVICE_NAME: service.id,
    POLICY_URL: `${wiring.intakeUrl}/policies/${service.id}`,
  };
  for (const signal of ["traces", "metrics", "logs"]) {
    const prefix = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_`;
    if (environment[`${prefix}ENDPOINT`] !== undefined)
      variables[`${prefix}ENDPOINT`] = `${wiring.intakeUrl}/v1/${signal}`;
    if (environment[`${prefix}PROTOCOL`]?.startsWith("grpc")) variables[`${prefix}PROTOCOL`] = "http/protobuf";
  }
  return variables;
}

function toKey(caller: string, callee: string, port: number): string {
  return `${caller}->${callee}:${port}`;
}
