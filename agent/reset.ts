import { request } from "node:http";
import type { AgentResetAnswer } from "#contract/agent-api.ts";
import { type Address, formatAddress } from "./address.ts";
import { AgentError } from "./agent-error.ts";

/*
 * A component's own reset, asked on the dashboard's behalf, which may be where no component can be reached from:
 *
 *   dashboard ──▶ control port ──▶ POST http://<address>/reset ──▶ {status, body}
 */
/** It waits for what is in work, and empties queues and tables. */
const RESET_MS = 6_000;
/** Enough for a sentence. */
const MOST_BODY_BYTES = 2_000;

/** Rejects with `unavailable` or `timed_out`; any answer is an answer, whatever its status. */
export function askReset(address: Address): Promise<AgentResetAnswer> {
  const place = formatAddress(address);
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(RESET_MS);
    const fail = (error: Error) =>
      reject(
        signal.aborted
          ? new AgentError("timed_out", `${place} did not answer its reset within ${RESET_MS / 1_000} s.`)
          : new AgentError("unavailable", `${place} cannot be asked to reset: ${error.message}.`),
      );
    const { host, port } = address;
    const outgoing = request({ host, port, method: "POST", path: "/reset", agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        // What is longer is read and left out.
        if (size < MOST_BODY_BYTES) chunks.push(chunk);
        size += chunk.length;
      });
      response.on("error", fail);
      response.on("end", () => {
        const body = Buffer.concat(chunks).subarray(0, MOST_BODY_BYTES).toString("utf8");
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    outgoing.on("error", fail);
    outgoing.end();
  });
}
