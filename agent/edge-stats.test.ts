import { expect, test } from "vitest";
import { toBucket } from "#contract/log-linear.ts";
import { createEdgeCounter } from "./edge-stats.ts";

const nothingOpen = { connections: 0, inFlight: 0, oldestMs: 0 };

test("counts run from one take to the next", () => {
  const counter = createEdgeCounter("a->b");
  counter.connected();
  counter.bytesUp(10);
  counter.bytesUp(5);
  counter.answered(200, 12);
  counter.answered(404, 12);
  counter.answered(502, 3_000);
  counter.unanswered(5_000);
  expect(counter.take({ connections: 2, inFlight: 1, oldestMs: 70 })).toEqual({
    id: "a->b",
    openConnections: 2,
    connections: 1,
    connectErrors: 0,
    bytesUp: 15,
    bytesDown: 0,
    requests: 4,
    clientErrors: 1,
    serverErrors: 1,
    unanswered: 1,
    latency: [
      [toBucket(12_000), 2],
      [toBucket(3_000_000), 1],
      [toBucket(5_000_000), 1],
    ],
    inFlight: 1,
    oldestMs: 70,
  });
  expect(counter.take({ ...nothingOpen, connections: 1 })).toMatchObject({ requests: 0, bytesUp: 0, latency: [] });
});

test("an edge on which nothing happens and nothing is open is left out", () => {
  const counter = createEdgeCounter("a->b");
  expect(counter.take(nothingOpen)).toBeNull();
  counter.connectFailed();
  expect(counter.take(nothingOpen)).toMatchObject({ connectErrors: 1 });
  expect(counter.take(nothingOpen)).toBeNull();
});
