import { z } from "zod";
import type { CallRequest, HttpClient } from "../kit/calls/http-call.ts";
import { after } from "../kit/calls/time-limit.ts";

/** What a customer does, one request each. Products are those of the last home page seen, orders the customer's own. */
export type Journeys = { next(): Promise<void> };

const weights = { home: 30, product: 45, checkout: 15, orderStatus: 10 } as const;
type Journey = keyof typeof weights;

/** How long a customer waits. */
const PATIENCE_MS = 5_000;
const REMEMBERED_ORDERS = 50;

const homePage = z.object({ products: z.array(z.object({ sku: z.string() })) });
const order = z.object({ id: z.string() });

export function createJourneys(gateway: Pick<HttpClient, "request">, random: () => number): Journeys {
  let skus: string[] = [];
  const orders: string[] = [];

  function toRequest(journey: Journey): CallRequest {
    const sku = pick(skus, random);
    const id = pick(orders, random);
    if (journey === "orderStatus" && id) return { method: "GET", path: `/orders/${id}`, template: "/orders/:id" };
    if (journey === "checkout" && sku) {
      const body = { sku, quantity: 1 + Math.floor(random() * 3) };
      return { method: "POST", path: "/checkout", template: "/checkout", body };
    }
    if (journey !== "home" && sku) return { method: "GET", path: `/products/${sku}`, template: "/products/:id" };
    return { method: "GET", path: "/home", template: "/home" };
  }

  function learn({ path }: CallRequest, body: unknown) {
    if (path === "/home") skus = homePage.safeParse(body).data?.products.map((product) => product.sku) ?? skus;
    const id = path === "/checkout" ? order.safeParse(body).data?.id : undefined;
    if (id) orders.push(id);
    if (orders.length > REMEMBERED_ORDERS) orders.shift();
  }

  return {
    async next() {
      const request = toRequest(pickJourney(random));
      try {
        const { status, body } = await gateway.request(request, after(PATIENCE_MS));
        if (status < 400) learn(request, body);
      } catch {
        // A customer who gets no answer goes away. The client span tells it.
      }
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

function pick<T>(from: T[], random: () => number): T | undefined {
  return from[Math.floor(random() * from.length)];
}
