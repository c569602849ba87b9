import { expect, test } from "vitest";
import { CallError } from "../kit/calls/call-error.ts";
import type { CallAnswer, CallRequest } from "../kit/calls/http-call.ts";
import { createCustomer, pickJourney } from "./customer.ts";
import { createRandom } from "./random.ts";

/** A shop whose checkout answers as told. */
function openShop(checkout: () => CallAnswer = () => ({ status: 202, body: { id: "o1" } })) {
  const asked: CallRequest[] = [];
  const session = {
    async request(request: CallRequest): Promise<CallAnswer> {
      asked.push(request);
      if (request.path === "/home") return { status: 200, body: { products: [{ sku: "milk" }] } };
      if (request.path === "/checkout") return checkout();
      return { status: 200, body: {} };
    },
  };
  const customer = createCustomer(session, createRandom(1));
  return {
    asked,
    session,
    checkouts: () => asked.filter(({ path }) => path === "/checkout"),
    async visit(times: number) {
      for (let i = 0; i < times; i++) await customer.visit();
    },
  };
}

test("customers do what the weights say", () => {
  const random = createRandom(1);
  const counts = { home: 0, product: 0, checkout: 0, orderStatus: 0 };
  for (let i = 0; i < 10_000; i++) counts[pickJourney(random)] += 1;
  const percent = Object.values(counts).map((count) => count / 100);
  for (const [n, asked] of [30, 45, 15, 10].entries()) expect(Math.abs((percent[n] ?? 0) - asked)).toBeLessThan(1.5);
});

test("they look at products they have seen, and ask for orders that were taken", async () => {
  const shop = openShop();
  await shop.visit(300);
  expect(shop.asked[0]?.path).toBe("/home");
  expect(new Set(shop.asked.map(({ path }) => path))).toEqual(
    new Set(["/home", "/products/milk", "/checkout", "/orders/o1"]),
  );
});

test("every checkout has a key of its own", async () => {
  const shop = openShop();
  await shop.visit(300);
  const keys = shop.checkouts().map(({ idempotencyKey }) => idempotencyKey);
  expect(keys.length).toBeGreaterThan(20);
  expect(keys).not.toContain(undefined);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([
  ["no answer", () => Promise.reject(new CallError("gateway", "timed_out", "nothing for 5 s")) as never],
  ["504", () => ({ status: 504, body: {} })],
])("some ask again after %s, up to four times in all, with the same key", async (_what, checkout) => {
  const shop = openShop(checkout);
  await shop.visit(600);
  const times = new Map<string | undefined, number>();
  for (const { idempotencyKey } of shop.checkouts()) times.set(idempotencyKey, (times.get(idempotencyKey) ?? 0) + 1);
  const share = (count: number) => [...times.values()].filter((each) => each === count).length / times.size;
  for (const count of [1, 2, 3, 4]) expect(Math.abs(share(count) - 1 / 4)).toBeLessThan(0.15);
  expect(Math.max(...times.values())).toBe(4);
});

test("at closing time nobody asks again", async () => {
  const closing = new AbortController();
  let asked = 0;
  const request = async () => {
    asked += 1;
    closing.abort();
    return { status: 504, body: {} };
  };
  const customer = createCustomer({ request }, createRandom(1));
  for (let i = 0; i < 20; i++) await customer.visit(closing.signal);
  expect(asked).toBe(1);
});

test("nobody clicks again after an answer, be it a refusal", async () => {
  for (const status of [202, 429, 503]) {
    const shop = openShop(() => ({ status, body: {} }));
    await shop.visit(300);
    const keys = shop.checkouts().map(({ idempotencyKey }) => idempotencyKey);
    expect(new Set(keys).size).toBe(keys.length);
  }
});

test("an order that the shop no longer knows is not asked for again", async () => {
  const shop = openShop();
  await shop.visit(100);
  const ask = shop.session.request;
  shop.session.request = async (request) => {
    const answer = await ask(request);
    if (request.path === "/checkout") return { status: 503, body: {} };
    return request.path === "/orders/o1" ? { status: 404, body: {} } : answer;
  };
  const before = shop.asked.length;
  await shop.visit(300);
  const asked = shop.asked.slice(before).filter(({ path }) => path === "/orders/o1");
  expect(asked.length).toBe(1);
});

test("a customer without an answer goes away quietly", async () => {
  const customer = createCustomer({ request: () => Promise.reject(new Error("gone")) }, createRandom(1));
  await expect(customer.visit()).resolves.toBe(undefined);
});
