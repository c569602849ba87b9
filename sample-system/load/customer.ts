import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { CallAnswer, CallRequest } from "../kit/calls/http-call.ts";
import { after } from "../kit/calls/time-limit.ts";
import type { Session } from "./session.ts";

/** One customer: looks at products seen on the last home page, buys some, and asks for orders placed before. */
export type Customer = {
  /** One request, or more: who gets no answer may ask again. Ends early when `closing` comes. Never rejects. */
  visit(closing?: AbortSignal): Promise<void>;
};

const weights = { home: 30, product: 45, checkout: 15, orderStatus: 10 } as const;
type Journey = keyof typeof weights;

/** How long a customer waits. */
const PATIENCE_MS = 5_000;
const REMEMBERED_ORDERS = 10;
/** Who gets no answer asks up to so many times in all, some only once: the outermost retry of every system. */
const MOST_TRIES = 4;

const homePage = z.object({ products: z.array(z.object({ sku: z.string() })) });
const order = z.object({ id: z.string() });

export function createCustomer(session: Session, random: () => number): Customer {
  let skus: string[] = [];
  let orders: string[] = [];

  function toRequest(journey: Journey): CallRequest {
    const sku = pick(skus, random);
    const id = pick(orders, random);
    if (journey === "orderStatus" && id) return { method: "GET", path: `/orders/${id}`, template: "/orders/:id" };
    if (journey === "checkout" && sku) {
      const body = { sku, quantity: 1 + Math.floor(random() * 3) };
      // Never the same in another run, even with the same seed: the shop remembers the keys of the last one.
      return { method: "POST", path: "/checkout", template: "/checkout", body, idempotencyKey: randomUUID() };
    }
    if (journey !== "home" && sku) return { method: "GET", path: `/products/${sku}`, template: "/products/:id" };
    return { method: "GET", path: "/home", template: "/home" };
  }

  function learn({ path, template }: CallRequest, { status, body }: CallAnswer) {
    // An order from before the shop was reset.
    if (status === 404 && template === "/orders/:id") orders = orders.filter((id) => path !== `/orders/${id}`);
    if (status >= 400) return;
    if (path === "/home") skus = homePage.safeParse(body).data?.products.map(({ sku }) => sku) ?? skus;
    const id = path === "/checkout" ? order.safeParse(body).data?.id : undefined;
    if (id) orders = [...orders, id].slice(-REMEMBERED_ORDERS);
  }

  return {
    async visit(closing) {
      const request = toRequest(pickJourney(random));
      // Drawn for every visit, needed or not, so that the next customers are the same whatever this one is answered.
      const tries = 1 + Math.floor(random() * MOST_TRIES);
      for (let tried = 1; tried <= tries && !closing?.aborted; tried += 1) {
        // Again means the same key: a checkout that was done all the same is not done twice.
        const answer = await session
          .request({ ...request, signal: closing }, after(PATIENCE_MS))
          .catch(() => undefined);
        // 504: the gateway got no answer either.
        if (!answer || answer.status === 504) continue;
        return learn(request, answer);
      }
      // A customer who gets no answer goes away. The client span tells it.
    },
  };
}

export function pickJourney(random: () => number): Journey {
  let rest = random() * 100;
  for (const [journey, weight] of Object.entries(weights) as [Journey, number][]) {
    rest -= weight;
    if (rest < 0) return journey;
  }
  return "home";
}

export function pick<T>(from: T[], random: () => number): T | undefined {
  return from[Math.floor(random() * from.length)];
}
