import { expect, test } from "vitest";
import { CallError } from "../../kit/calls/call-error.ts";
import { createAskOutcome } from "./ask-outcome.ts";

const question = { orderId: "o1", step: "T3", round: 1 };
const asked: unknown[] = [];

function ask(answer: { status: number; body: unknown } | Error, canSend = true) {
  const call = async (request: { path: string }) => {
    asked.push(request.path);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const nobody = { call: () => Promise.reject(new Error("the wrong one was asked")) };
  return createAskOutcome({ inventory: nobody, payments: { call }, shipping: nobody }, () => canSend)(question);
}
const state = (state: string) => ({ status: 200, body: { state } });

test.each([
  ["authorized", "done"],
  ["captured", "done"],
  ["declined", "refused"],
  ["voided", "refused"],
  ["in_progress", "in_progress"],
  ["unknown", "unknown"],
])("a payment that is %s: %s", async (said, outcome) => {
  expect(await ask(state(said))).toMatchObject({ outcome });
  expect(asked.at(-1)).toBe("/payments/o1");
});

test("no answer, or none that is understood, is unreachable", async () => {
  expect(await ask(new CallError("payments", "timed_out", "no"))).toEqual({ outcome: "unreachable" });
  expect(await ask({ status: 429, body: {} })).toEqual({ outcome: "unreachable" });
  expect(await ask({ status: 200, body: "?" })).toEqual({ outcome: "unreachable" });
});

test("who has not heard of an order while no command reaches anybody, says nothing about it", async () => {
  expect(await ask(state("unknown"), false)).toEqual({ outcome: "unreachable" });
  expect(await ask(state("declined"), false)).toEqual({ outcome: "refused", reason: "payments: declined" });
});
