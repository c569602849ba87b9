import { expect, test } from "vitest";
import { matchPath } from "./routes.ts";

test.each([
  ["/faultline/faults", "/faultline/faults", {}],
  ["/faultline/faults/:id", "/faultline/faults/a%2Fb", { id: "a/b" }],
  ["/policies/:component", "/policies/payments", { component: "payments" }],
  ["/faultline/faults/:id", "/faultline/faults", null],
  ["/faultline/faults/:id", "/faultline/faults/a/b", null],
  ["/faultline/faults/:id", "/faultline/faults/%zz", null],
  ["/faultline/faults", "/faultline/faults/", null],
])("%s and %s", (pattern, path, params) => {
  expect(matchPath(pattern, path)).toEqual(params);
});
