import { z } from "zod";
import { CallError } from "../kit/calls/call-error.ts";
import type { HttpClient } from "../kit/calls/http-call.ts";
import type { TimeLimit } from "../kit/calls/time-limit.ts";

/** A client of the gateway: shows a token with every request, fetched when it is first needed and again after a 401. */
export type Session = Pick<HttpClient, "request">;

const tokenAnswer = z.object({ token: z.string() });

export function createSession(gateway: Pick<HttpClient, "request">, client: string): Session {
  /** Shared by all requests that wait for it. */
  let token: Promise<string> | undefined;

  async function fetchToken(limit: TimeLimit): Promise<string> {
    const request = { method: "POST", path: "/tokens", template: "/tokens", body: { client } } as const;
    const { status, body } = await gateway.request(request, limit);
    const parsed = tokenAnswer.safeParse(body);
    if (status === 200 && parsed.success) return parsed.data.token;
    throw new CallError("gateway", "failed", `no token for ${client}: ${status}`);
  }

  return {
    async request(request, limit) {
      const shown = token ?? fetchToken(limit);
      token = shown;
      const forget = () => {
        if (token === shown) token = undefined;
      };
      shown.catch(forget);
      const headers = { ...request.headers, authorization: `Bearer ${await shown}` };
      const answer = await gateway.request({ ...request, headers }, limit);
      if (answer.status === 401) forget();
      return answer;
    },
  };
}
