import type { IncomingHttpHeaders } from "node:http";
import { frameKinds, otlpFlags } from "#contract/agent-api.ts";
import { componentId } from "#contract/ids.ts";
import { AgentError } from "./agent-error.ts";
import type { DashboardStream } from "./dashboard-stream.ts";
import type { OtlpKind } from "./frame.ts";
import type { Policies } from "./policies.ts";
import { readBody } from "./read-body.ts";
import type { Call, Route } from "./routes.ts";

/*
 * The port for components: their telemetry goes in and is relayed as it came, their policies come out.
 * A sender is answered as soon as its bytes are here, whether a dashboard reads or not.
 */

const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
/** What is held of the bodies being read; over it senders are asked to come back. */
const READING_LIMIT_BYTES = 64 * 1024 * 1024;

export function toIntakeRoutes(stream: DashboardStream, policies: Policies): Route[] {
  let readingBytes = 0;

  async function receive({ request, response }: Call, kind: OtlpKind): Promise<void> {
    const flags = toFlags(request.headers);
    let heldBytes = 0;
    const mayHold = (bytes: number) => {
      heldBytes += bytes;
      readingBytes += bytes;
      const fits = readingBytes <= READING_LIMIT_BYTES;
      if (!fits) response.setHeader("retry-after", "1");
      return fits;
    };
    try {
      stream.relay(kind, flags, await readBody(request, BODY_LIMIT_BYTES, mayHold));
    } finally {
      readingBytes -= heldBytes;
    }
    const isJson = (flags & otlpFlags.json) !== 0;
    response.writeHead(200, { "content-type": isJson ? "application/json" : "application/x-protobuf" });
    response.end(isJson ? "{}" : "");
  }

  return [
    { method: "POST", path: "/v1/traces", handle: (call) => receive(call, frameKinds.traces) },
    { method: "POST", path: "/v1/metrics", handle: (call) => receive(call, frameKinds.metrics) },
    { method: "POST", path: "/v1/logs", handle: (call) => receive(call, frameKinds.logs) },
    {
      method: "GET",
      path: "/policies/:component",
      handle({ params, response }) {
        const component = componentId.safeParse(params.component);
        if (!component.success) throw new AgentError("bad_request", "That is no component's name.");
        policies.follow(component.data, response);
      },
    },
  ];
}

function toFlags(headers: IncomingHttpHeaders): number {
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  const encoding = (headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (type !== "application/json" && type !== "application/x-protobuf") {
    throw new AgentError("unsupported", "OTLP comes as application/x-protobuf or application/json.");
  }
  if (encoding !== "gzip" && encoding !== "identity") {
    throw new AgentError("unsupported", "OTLP comes with gzip or without any encoding.");
  }
  return (type === "application/json" ? otlpFlags.json : 0) | (encoding === "gzip" ? otlpFlags.gzip : 0);
}
