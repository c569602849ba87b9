import { expect, test } from "vitest";
import { toFaultAttributes } from "./fault-mark.ts";

test.each([
  ["nothing", {}, {}],
  ["one", { "x-faultline-fault": "f1;reply_lost;0" }, { id: "f1", type: "reply_lost", ms: 0 }],
  [
    "several",
    { "x-faultline-fault": "f1;http_delay;300, f2;http_error;5" },
    { id: "f1,f2", type: "http_delay,http_error", ms: 305 },
  ],
])("%s touched it", (_name, headers, { id, type, ms }: { id?: string; type?: string; ms?: number }) => {
  expect(toFaultAttributes(headers)).toEqual(
    id === undefined ? {} : { "fault.id": id, "fault.type": type, "fault.injected_ms": ms },
  );
});
