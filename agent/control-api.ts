import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { agentEdges, agentFault, agentFaultUpdate, agentOrphans, agentReset } from "#contract/agent-api.ts";
import { componentId } from "#contract/ids.ts";
import { componentPolicies, edgePolicies } from "#contract/policies.ts";
import { parseAddress } from "./address.ts";
import { AgentError } from "./agent-error.ts";
import type { DashboardStream } from "./dashboard-stream.ts";
import type { Edges } from "./edges.ts";
import type { Faults } from "./faults.ts";
import type { Orphans } from "./orphans.ts";
import type { Policies } from "./policies.ts";
import { probe } from "./probe.ts";
import { readBody } from "./read-body.ts";
import { askReset } from "./reset.ts";
import type { Route } from "./routes.ts";

export type ControlParts = {
  instance: string;
  edges: Edges;
  faults: Faults;
  orphans: Orphans;
  policies: Policies;
  stream: DashboardStream;
};

const BODY_LIMIT_BYTES = 1024 * 1024;

const policyDocuments = z.record(
  componentId,
  z.strictObject({
    version: z.number(),
    edges: z.record(componentId, edgePolicies),
    component: componentPolicies,
  }),
);

/** The control port's routes, as drawn in contract/agent-api.ts. */
export function toControlRoutes({ instance, edges, faults, orphans, policies, stream }: ControlParts): Route[] {
  return [
    { method: "GET", path: "/faultline/health", handle: () => ({ instance }) },
    {
      method: "PUT",
      path: "/faultline/edges",
      async handle({ request }) {
        const answer = await edges.set((await readJson(request, agentEdges)).edges);
        await faults.sweep();
        return answer;
      },
    },
    { method: "GET", path: "/faultline/faults", handle: () => faults.list() },
    {
      method: "POST",
      path: "/faultline/faults",
      handle: async ({ request }) => faults.add(await readJson(request, agentFault)),
    },
    { method: "DELETE", path: "/faultline/faults", handle: () => faults.removeAll() },
    {
      method: "PATCH",
      path: "/faultline/faults/:id",
      handle: async ({ request, params }) => faults.update(params.id ?? "", await readJson(request, agentFaultUpdate)),
    },
    { method: "DELETE", path: "/faultline/faults/:id", handle: ({ params }) => faults.remove(params.id ?? "") },
    {
      method: "POST",
      path: "/faultline/heartbeat",
      handle() {
        faults.heartbeat();
        orphans.heartbeat();
      },
    },
    {
      method: "PUT",
      path: "/faultline/policies",
      handle: async ({ request }) => policies.set((await readJson(request, policyDocuments)) as PolicyDocuments),
    },
    {
      method: "PUT",
      path: "/faultline/orphans",
      handle: async ({ request }) => orphans.set(await readJson(request, agentOrphans)),
    },
    {
      method: "GET",
      path: "/faultline/probe",
      async handle({ query }) {
        const address = query.get("address") ?? "";
        if (!edges.isUpstream(address)) throw new AgentError("not_found", "That is the upstream of no edge.");
        return { open: await probe(parseAddress(address)) };
      },
    },
    {
      method: "POST",
      path: "/faultline/reset",
      handle: async ({ request }) => askReset(parseAddress((await readJson(request, agentReset)).address)),
    },
    {
      method: "GET",
      path: "/faultline/stream",
      handle({ response }) {
        // What was counted while nobody read is no rate of now.
        edges.takeStats();
        stream.attach(response, { type: "hello", instance, at: Date.now(), faults: faults.list() });
      },
    },
  ];
}

type PolicyDocuments = Parameters<Policies["set"]>[0];

/** No page in a browser may reach the control port, whatever name it gave itself. */
export function refuseBrowsers(request: IncomingMessage): void {
  const { origin, "user-agent": userAgent } = request.headers;
  if (origin !== undefined || userAgent?.startsWith("Mozilla/")) {
    throw new AgentError("forbidden", "The agent's control port is not for browsers; use the dashboard.");
  }
}

async function readJson<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const body = await readBody(request, BODY_LIMIT_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new AgentError("bad_request", "The body is no JSON.");
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new AgentError("bad_request", `${issue?.path.join(".") || "body"}: ${issue?.message}`);
}
