import { expect, test } from "vitest";
import { toRelated } from "./to-related.ts";

const edges = (
  [
    ["load", "gateway"],
    ["gateway", "catalog"],
    ["gateway", "ordering"],
    ["ordering", "payments"],
    ["payments", "bank"],
  ] as const
).map(([caller, callee]) => ({ id: `${caller}->${callee}`, caller, callee, protocol: "http" }));

test("a component is related to all that call it and all that it calls, not to its siblings", () => {
  const related = toRelated({ components: [], edges }, "ordering");
  expect(related.has("load")).toBe(true);
  expect(related.has("payments->bank")).toBe(true);
  expect(related.has("catalog")).toBe(false);
  expect(related.has("gateway->catalog")).toBe(false);
});

test("an edge is related to what is above its caller and below its callee", () => {
  expect([...toRelated({ components: [], edges }, "gateway->ordering")].sort()).toEqual(
    [
      "bank",
      "gateway",
      "gateway->ordering",
      "load",
      "load->gateway",
      "ordering",
      "ordering->payments",
      "payments",
      "payments->bank",
    ].sort(),
  );
});

test("circles end", () => {
  const circle = [...edges, { id: "bank->load", caller: "bank", callee: "load", protocol: "http" }];
  expect(toRelated({ components: [], edges: circle }, "bank").has("catalog")).toBe(true);
});
