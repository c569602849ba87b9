import { expect, test } from "vitest";
import { PoisonMessageError } from "../kit/consumer.ts";
import { toMail } from "./to-mail.ts";

const orderId = "3f2b8c1e-7d4a-4b6f-9a55-0c8e2d1f6a70";

test("thanks for the order", () => {
  expect(toMail({ orderId, sku: "milk", quantity: 2 })).toEqual({
    orderId,
    text: "Thank you! Your order of 2 × milk is confirmed.",
  });
});

test.each([undefined, null, "text", {}, { orderId: "1", sku: "milk", quantity: 2 }])("%j is no such event", (event) => {
  expect(() => toMail(event)).toThrow(PoisonMessageError);
});
