import { expect, test } from "vitest";
import type { CallRequest } from "../kit/calls/http-call.ts";
import { createJourneys, pickJourney } from "./journeys.ts";
import { createRandom } from "./random.ts";

test("customers do what the weights say", () => {
  const random = createRandom(1);
  const counts = { home: 0, product: 0, checkout: 0, orderStatus: 0 };
  for (let i = 0; i < 10_000; i++) counts[pickJourney(random)] += 1;
  const percent = Object.values(counts).map((count) => count / 100);
  for (const [n, asked] of [30, 45, 15, 10].entries()) expect(Math.abs((percent[n] ?? 0) - asked)).toBeLessThan(1.5);
});

test("they look at products they have seen, and ask for orders that were taken", async () => {
  const asked: CallRequest[] = [];
  const journeys = createJourneys(
    {
      async request(request) {
        asked.push(request);
        if (request.path === "/home") return { status: 200, body: { products: [{ sku: "milk" }] } };
        return { status: 201, body: { id: "o1" } };
      },
    },
    createRandom(1),
  );
  for (let i = 0; i < 300; i++) await journeys.next();
  expect(asked[0]?.path).toBe("/home");
  expect(new Set(asked.map(({ path }) => path))).toEqual(
    new Set(["/home", "/products/milk", "/checkout", "/orders/o1"]),
  );
});

test("a customer without an answer goes away quietly", async () => {
  const journeys = createJourneys({ request: () => Promise.reject(new Error("gone")) }, createRandom(1));
  await expect(journeys.next()).resolves.toBe(undefined);
});
