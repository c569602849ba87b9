import { defaultTextMapGetter, defaultTextMapSetter, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { traceContext } from "./trace-context.ts";

const header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const extract = (traceparent: string) => traceContext.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);

test("what is extracted is injected again", () => {
  const carrier: Record<string, string> = {};
  traceContext.inject(extract(header), carrier, defaultTextMapSetter);
  expect(carrier).toEqual({ traceparent: header });
});

test.each([
  "",
  "nonsense",
  header.toUpperCase(),
  header.replace("00-", "ff-"),
  `00-${"0".repeat(32)}-b7ad6b7169203331-01`,
  `00-0af7651916cd43dd8448eb211c80319c-${"0".repeat(16)}-01`,
])("%j is no parent", (traceparent) => {
  expect(trace.getSpanContext(extract(traceparent))).toBe(undefined);
});
