import { beforeEach, expect, test } from "vitest";
import { CallError, type CallFailure } from "../kit/calls/call-error.ts";
import { takePayment } from "./take-payment.ts";

let ended: unknown[];
const payments = {
  begin: async () => "p1",
  end: async (...how: unknown[]) => void ended.push(how),
};
beforeEach(() => {
  ended = [];
});

test("notes what the bank authorized", async () => {
  const bank = { call: async () => ({ status: 200, body: { authorizationId: "a1" } }) };
  const taken = await takePayment({ orderId: "o1", amountCents: 5 }, { bank, payments });
  expect(taken).toEqual({ paymentId: "p1", authorizationId: "a1" });
  expect(ended).toEqual([["p1", "authorized", "a1"]]);
});

test.each<[CallFailure, string]>([
  ["refused", "failed"],
  ["rejected", "failed"],
  ["timed_out", "unknown"],
  ["unreachable", "unknown"],
  ["failed", "unknown"],
])("a call that was %s leaves the payment %s", async (failure, status) => {
  const bank = { call: () => Promise.reject(new CallError("bank", failure, "no")) };
  await expect(takePayment({ orderId: "o1", amountCents: 5 }, { bank, payments })).rejects.toMatchObject({ failure });
  expect(ended).toEqual([["p1", status]]);
});
