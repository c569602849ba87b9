import { expect, test } from "vitest";
import type { Fault } from "#contract/faults.ts";
import { toFaultText, toFaultTypeText } from "./to-fault-text.ts";

const fault: Fault = {
  id: "f1",
  type: "latency",
  target: { edge: "payments->bank" },
  attributes: { latency: 3_000, jitter: 0 },
  rate: 1,
  state: "active",
  startedAt: 0,
  expiresAt: 60_000,
  owner: "you",
};

test("an active fault counts down, a pending one says that it is pending", () => {
  expect(toFaultText(fault, 17_000)).toBe("latency 3 s · 43 s");
  expect(toFaultText({ ...fault, state: "pending" }, 0)).toBe("latency 3 s · pending…");
});

test("on a component it says when the component returns", () => {
  expect(toFaultText({ ...fault, type: "kill", target: { component: "bank" } }, 17_000)).toBe("back in 43 s");
});

test.each([
  ["latency", { latency: 200, jitter: 50 }, "latency 200 ms ± 50 ms"],
  ["timeout", { timeout: 0 }, "black hole"],
  ["timeout", { timeout: 500 }, "timeout 500 ms"],
  ["reset_peer", {}, "reset"],
  ["down", {}, "down"],
] as const)("%s %o reads %s", (type, attributes, text) => expect(toFaultTypeText(type, attributes)).toBe(text));
