import { z } from "zod";

/** GET /api/traces?service=&route=&status=ok|error&edge=&minMs=&since=&limit= → TraceSummary[], newest first. */
export const traceQuery = z.object({
  service: z.string().optional(),
  /** Matches the root span's `http.route`, else its `url.template`, else its name. */
  route: z.string().optional(),
  status: z.enum(["ok", "error"]).optional(),
  edge: z.string().optional(),
  minMs: z.coerce.number().min(0).optional(),
  /** Epoch ms: traces that began at or after. */
  since: z.coerce.number().optional(),
  limit: z.coerce.number().int().min(1).max(5_000).default(100),
});
export type TraceQuery = z.infer<typeof traceQuery>;

export type TraceSummary = {
  traceId: string;
  /** Root span's service and name; the earliest span's where the root is missing. */
  service: string;
  name: string;
  startedAt: number;
  durationMs: number;
  spanCount: number;
  errorCount: number;
  services: string[];
  /** Some call in it was refused by a breaker. */
  breakerRefused: boolean;
  rootMissing: boolean;
  /** How the root itself ended, whatever went on after it: what its caller waited, and the HTTP status that it got. */
  root: { durationMs: number; failed: boolean; httpStatus: number | null } | null;
};

export const spanKinds = ["unspecified", "internal", "server", "client", "producer", "consumer"] as const;
export type SpanKind = (typeof spanKinds)[number];

export type AttributeValue = string | number | boolean | (string | number | boolean)[];

export type Span = {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  service: string;
  name: string;
  kind: SpanKind;
  status: "unset" | "ok" | "error";
  statusMessage: string;
  /** Epoch ms with fraction; the store keeps nanoseconds. */
  startMs: number;
  durationMs: number;
  attributes: Record<string, AttributeValue>;
  events: { name: string; atMs: number; attributes: Record<string, AttributeValue> }[];
};

/** GET /api/traces/{id} → spans in start order. */
export type Trace = { traceId: string; spans: Span[] };
