import { beforeEach, expect, test } from "vitest";
import { CallError } from "../kit/calls/call-error.ts";
import { HttpError } from "../kit/http-server.ts";
import { type OrderingParts, placeOrder } from "./place-order.ts";

const request = { sku: "milk", quantity: 2 };
let did: string[];
let parts: OrderingParts;

beforeEach(() => {
  did = [];
  const note = async (text: string) => void did.push(text);
  parts = {
    priceCents: async () => 139,
    reserve: ({ sku, quantity }) => note(`reserve ${quantity} ${sku}`),
    pay: ({ amountCents }) => note(`pay ${amountCents}`),
    orders: {
      begin: async (asked, amountCents) => ({ ...asked, id: "1", amountCents, status: "PENDING", reason: null }),
      end: (_id, status, reason) => note(`${status}${reason ? `: ${reason}` : ""}`),
      get: async () => undefined,
    },
    events: { publish: (event) => note(event) },
  };
});
const unreachable = (callee: string) => () => Promise.reject(new CallError(callee, "unreachable", `${callee} is gone`));

test("reserves, pays, confirms, tells", async () => {
  expect(await placeOrder(request, parts)).toMatchObject({ status: "CONFIRMED", amountCents: 278 });
  expect(did).toEqual(["reserve 2 milk", "pay 278", "CONFIRMED", "OrderConfirmed"]);
});

test("payments out of reach: the order failed, the stock stays reserved, and it is not ordering's fault (424)", async () => {
  await expect(placeOrder(request, { ...parts, pay: unreachable("payments") })).rejects.toMatchObject({ status: 424 });
  expect(did).toEqual(["reserve 2 milk", "FAILED: payments is gone"]);
});

test("nothing is begun without a price", async () => {
  const without = { ...parts, priceCents: unreachable("catalog") };
  await expect(placeOrder(request, without)).rejects.toMatchObject({ status: 424 });
  expect(did).toEqual([]);
});

test("what another service refuses is refused alike", async () => {
  const reserve = () => Promise.reject(new HttpError(409, "not enough"));
  await expect(placeOrder(request, { ...parts, reserve })).rejects.toMatchObject({ status: 409 });
  expect(did).toEqual(["FAILED: not enough"]);
});

test("an order is confirmed although its event is lost", async () => {
  const events = { publish: () => Promise.reject(new Error("rabbitmq is not connected")) };
  expect(await placeOrder(request, { ...parts, events })).toMatchObject({ status: "CONFIRMED" });
});
