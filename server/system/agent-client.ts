import http from "node:http";
import type { z } from "zod";
import type {
  AgentEdge,
  AgentEdgesAnswer,
  AgentEvent,
  AgentFault,
  AgentFaultState,
  AgentResetAnswer,
  agentFaultUpdate,
  agentOrphans,
} from "#contract/agent-api.ts";
import { frameKinds } from "#contract/agent-api.ts";
import { type ErrorCode, errorStatus } from "#contract/errors.ts";
import type { PolicyDocument } from "#contract/policies.ts";
import { AppError } from "../lib/app-error.ts";
import { createFrameReader } from "../lib/frame-reader.ts";

/*
 * The dashboard's end of contract/agent-api.ts.
 *
 *   putEdges, addFault, … ── one request each ──▶ agent        heartbeat every 2 s ──▶ agent
 *   onEvent, onOtlp ◀── frames ◀── GET /faultline/stream, opened again with backoff whenever it breaks
 */
const HEARTBEAT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 4_000;
/** The agent gives up on a component a little earlier, and says so. */
const RESET_TIMEOUT_MS = 7_000;
/** Stats come five times a second; a stream that is silent for so long has stalled, and a new one is asked for. */
const SILENCE_MS = 3_000;
const BACKOFF_MS = { first: 100, max: 2_000 } as const;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

export type OtlpSignal = "traces" | "metrics" | "logs";
export type AgentListeners = {
  onEvent(event: AgentEvent): void;
  /** A request's body as a component sent it; `flags` as in contract/agent-api.ts. */
  onOtlp(signal: OtlpSignal, flags: number, body: Buffer): void;
  onUp(): void;
  onDown(): void;
};

/** Requests reject with an AppError: the agent's own refusal, or `unavailable` and `timed_out`. */
export type AgentClient = {
  /** Follows the agent at this address until close(); called again after the agent was started anew. */
  open(controlUrl: string): void;
  close(): void;
  putEdges(edges: AgentEdge[]): Promise<AgentEdgesAnswer>;
  addFault(fault: AgentFault): Promise<void>;
  updateFault(id: string, patch: z.infer<typeof agentFaultUpdate>): Promise<void>;
  removeFault(id: string): Promise<void>;
  removeAllFaults(): Promise<void>;
  faults(): Promise<AgentFaultState[]>;
  setPolicies(documents: Record<string, PolicyDocument>): Promise<void>;
  setOrphans(orphans: z.infer<typeof agentOrphans>): Promise<void>;
  /** Asks the component at this address to go back to where it began. */
  reset(address: string): Promise<AgentResetAnswer>;
};

export function createAgentClient(listeners: AgentListeners): AgentClient {
  const pool = new http.Agent({ keepAlive: true, maxSockets: 4 });
  let address: string | null = null;
  let stream: { end(): void } | null = null;
  let heartbeat: NodeJS.Timeout | undefined;

  const send = async (method: string, path: string, body?: unknown, limitMs = REQUEST_TIMEOUT_MS): Promise<unknown> => {
    if (address === null) throw new AppError("unavailable", "The agent is not running yet; try again in a moment.");
    return await request(pool, address + path, method, body, limitMs);
  };
  const close = () => {
    clearInterval(heartbeat);
    stream?.end();
    stream = null;
    address = null;
  };

  return {
    open(controlUrl) {
      close();
      address = controlUrl.replace(/\/$/, "");
      stream = followStream(`${address}/faultline/stream`, listeners);
      const beat = () => void send("POST", "/faultline/heartbeat").catch(() => {});
      beat();
      heartbeat = setInterval(beat, HEARTBEAT_MS);
    },
    close() {
      close();
      pool.destroy();
    },
    putEdges: async (edges) => (await send("PUT", "/faultline/edges", { edges })) as AgentEdgesAnswer,
    addFault: async (fault) => void (await send("POST", "/faultline/faults", fault)),
    updateFault: async (id, patch) => void (await send("PATCH", `/faultline/faults/${encodeURIComponent(id)}`, patch)),
    removeFault: async (id) => void (await send("DELETE", `/faultline/faults/${encodeURIComponent(id)}`)),
    removeAllFaults: async () => void (await send("DELETE", "/faultline/faults")),
    faults: async () => (await send("GET", "/faultline/faults")) as AgentFaultState[],
    setPolicies: async (documents) => void (await send("PUT", "/faultline/policies", documents)),
    setOrphans: async (orphans) => void (await send("PUT", "/faultline/orphans", orphans)),
    reset: async (component) =>
      (await send("POST", "/faultline/reset", { address: component }, RESET_TIMEOUT_MS)) as AgentResetAnswer,
  };
}

function request(pool: http.Agent, url: string, method: string, body: unknown, limitMs: number): Promise<unknown> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const outgoing = http.request(url, {
      method,
      agent: pool,
      signal: AbortSignal.timeout(limitMs),
      headers: payload ? { "content-type": "application/json", "content-length": payload.length } : {},
    });
    outgoing.on("error", (error) =>
      reject(
        error.name === "AbortError" || error.name === "TimeoutError"
          ? new AppError("timed_out", `The agent did not answer within ${limitMs / 1_000} s.`, error)
          : new AppError("unavailable", "The agent cannot be reached; it is started again by itself.", error),
      ),
    );
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_ANSWER_BYTES) return void response.destroy(new Error("answer too large"));
        chunks.push(chunk);
      });
      response.on("error", (error) => reject(new AppError("unavailable", "The agent's answer broke off.", error)));
      response.on("end", () => {
        const answer = parse(Buffer.concat(chunks).toString("utf8"));
        if ((response.statusCode ?? 500) < 300) return resolve(answer);
        reject(toAgentError(answer, response.statusCode ?? 500));
      });
    });
    outgoing.end(payload);
  });
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toAgentError(answer: unknown, status: number): AppError {
  const { code, message } = (answer ?? {}) as { code?: string; message?: string };
  const known = code !== undefined && code in errorStatus ? (code as ErrorCode) : "internal";
  return new AppError(known, message ?? `The agent answered ${status}.`);
}

function followStream(url: string, listeners: AgentListeners): { end(): void } {
  let ended = false;
  let retry: NodeJS.Timeout | undefined;
  let current: http.ClientRequest | undefined;
  let waitMs: number = BACKOFF_MS.first;

  const connect = () => {
    let up = false;
    let over = false;
    const again = () => {
      if (over) return;
      over = true;
      current?.destroy();
      if (ended) return;
      if (up) listeners.onDown();
      retry = setTimeout(connect, waitMs);
      waitMs = Math.min(waitMs * 2, BACKOFF_MS.max);
    };
    let chunks = 0;
    current = http.get(url, { agent: false });
    current.setTimeout(SILENCE_MS, () => {
      // If it was we who were frozen, what came meanwhile lies in the socket, and is read before anything is judged.
      const before = chunks;
      setImmediate(() => chunks === before && again());
    });
    current.on("error", again);
    current.on("response", (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        return again();
      }
      up = true;
      waitMs = BACKOFF_MS.first;
      listeners.onUp();
      const read = createFrameReader((kind, payload) => ended || deliver(kind, payload, listeners));
      response.on("data", (chunk: Buffer) => {
        chunks += 1;
        if (!read(chunk)) again();
      });
      response.on("error", again);
      response.on("close", again);
    });
  };
  connect();
  return {
    end() {
      ended = true;
      clearTimeout(retry);
      current?.destroy();
    },
  };
}

function deliver(kind: number, payload: Buffer, listeners: AgentListeners): void {
  if (kind === frameKinds.event) {
    const event = parse(payload.toString("utf8")) as AgentEvent | undefined;
    if (event) listeners.onEvent(event);
    return;
  }
  const signal = (["traces", "metrics", "logs"] as const).find((name) => frameKinds[name] === kind);
  // A kind that we do not know comes from a newer agent, and is not for us.
  if (signal && payload.length > 0) listeners.onOtlp(signal, payload.readUInt8(0), payload.subarray(1));
}
