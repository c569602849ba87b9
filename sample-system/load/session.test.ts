import { beforeEach, expect, test } from "vitest";
import type { CallAnswer, CallRequest } from "../kit/calls/http-call.ts";
import { after } from "../kit/calls/time-limit.ts";
import { createSession } from "./session.ts";

let asked: CallRequest[];
let issued: number;
let valid: string;
let tokenStatus: number;
beforeEach(() => {
  asked = [];
  issued = 0;
  tokenStatus = 200;
});

const session = () =>
  createSession(
    {
      async request(request): Promise<CallAnswer> {
        asked.push(request);
        if (request.path === "/tokens") {
          valid = `token ${++issued}`;
          return { status: tokenStatus, body: { token: valid } };
        }
        return { status: request.headers?.authorization === `Bearer ${valid}` ? 200 : 401, body: {} };
      },
    },
    "customer-1",
  );
const home = { method: "GET", path: "/home" } as const;
const limit = after(1_000);

test("fetches one token for all that is asked with it, also at once", async () => {
  const { request } = session();
  const answers = await Promise.all([request(home, limit), request(home, limit)]);
  answers.push(await request(home, limit));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(issued).toBe(1);
  expect(asked[0]?.body).toEqual({ client: "customer-1" });
});

test("after a 401 it fetches another one, once for all who were refused", async () => {
  const { request } = session();
  await request(home, limit);
  valid = "none of those issued";
  const refused = await Promise.all([request(home, limit), request(home, limit)]);
  expect(refused.map(({ status }) => status)).toEqual([401, 401]);
  expect((await request(home, limit)).status).toBe(200);
  expect(issued).toBe(2);
});

test("without a token nothing else is asked, and the next request tries for one again", async () => {
  const { request } = session();
  tokenStatus = 503;
  await expect(request(home, limit)).rejects.toThrow("no token for customer-1: 503");
  expect(asked.map(({ path }) => path)).toEqual(["/tokens"]);
  tokenStatus = 200;
  expect((await request(home, limit)).status).toBe(200);
});
