import Fastify from "fastify";
import { z } from "zod";
import { createRabbitBus } from "../../kit/messaging/rabbit-bus.ts";

/*
 * Everyone whom ordering asks or commands, in one, playing by the rules of the saga (any command any number of times,
 * tombstones) except where a script says otherwise:
 *
 *   ordering ─▶ commands ─▶ queue "participants" ─▶ state of each order ─▶ replies ─▶ ordering
 *            ─▶ GET /reservations|payments|shipments/:orderId, /products, and what it asks without a saga
 */

/** What becomes of a command, or a request: `lost` does it and says nothing, `ignored` does not even do it. */
export type Behaviour = "ok" | "lost" | "ignored" | "doubled" | "refused";
type Rule = {
  kind: Kind;
  to: string;
  from: (string | undefined)[];
  reply: string;
  refusal?: [state: string, reply: string];
};
type Kind = "reservations" | "payments" | "shipments";

const begin = [undefined];
const rules: Record<string, Rule> = {
  ReserveStock: {
    kind: "reservations",
    to: "reserved",
    from: begin,
    reply: "StockReserved",
    refusal: ["rejected", "StockRejected"],
  },
  AuthorizePayment: {
    kind: "payments",
    to: "authorized",
    from: begin,
    reply: "PaymentAuthorized",
    refusal: ["declined", "PaymentDeclined"],
  },
  BookShipment: {
    kind: "shipments",
    to: "booked",
    from: begin,
    reply: "ShipmentBooked",
    refusal: ["rejected", "ShipmentRejected"],
  },
  CapturePayment: { kind: "payments", to: "captured", from: ["authorized"], reply: "PaymentCaptured" },
  CommitStock: { kind: "reservations", to: "committed", from: ["reserved"], reply: "StockCommitted" },
  ReleaseStock: {
    kind: "reservations",
    to: "released",
    from: [undefined, "reserved", "rejected"],
    reply: "StockReleased",
  },
  VoidPayment: { kind: "payments", to: "voided", from: [undefined, "authorized", "declined"], reply: "PaymentVoided" },
  CancelShipment: {
    kind: "shipments",
    to: "cancelled",
    from: [undefined, "booked", "rejected"],
    reply: "ShipmentCancelled",
  },
};
const commandBody = z.object({ orderId: z.uuid() });

export async function startParticipants(brokerUrl: string) {
  const states: Record<Kind, Map<string, string>> = {
    reservations: new Map(),
    payments: new Map(),
    shipments: new Map(),
  };
  const prices = new Map([
    ["milk", 139],
    ["tea", 429],
  ]);
  /** Commands and requests, in the order of their arrival, and events. */
  const seen: { name: string; orderId: string; body: unknown }[] = [];
  let script: Record<string, Behaviour[]> = {};
  let onCommand: (name: string) => void = () => {};
  let answering = true;

  const bus = createRabbitBus(brokerUrl);
  const counts = new Map<string, number>();
  /** The nth time it comes it does the nth thing that its script says, in the end always the last. */
  function toBehaviour(name: string): Behaviour {
    const nth = counts.get(name) ?? 0;
    counts.set(name, nth + 1);
    const says = script[name] ?? ["ok"];
    return says[Math.min(nth, says.length - 1)] ?? "ok";
  }

  bus.subscribe({
    queue: "participants",
    names: [...Object.keys(rules), "OrderPlaced", "OrderConfirmed", "OrderCancelled"],
    async onMessage({ message, headers }) {
      const { orderId } = commandBody.parse(message.body);
      seen.push({ name: message.name, orderId, body: message.body });
      onCommand(message.name);
      const rule = rules[message.name];
      const behaviour = rule && toBehaviour(message.name);
      if (!rule || behaviour === "ignored") return { kind: "done" };
      const reply = obey(rule, orderId, behaviour === "refused");
      const times = behaviour === "lost" ? 0 : behaviour === "doubled" ? 2 : 1;
      for (let i = 0; i < times; i++) {
        const about = { name: reply, correlationId: orderId, causationId: message.id, at: Date.now() };
        const body = reply === rule.reply ? { orderId } : { orderId, reason: `no ${message.name}` };
        await bus.publish({ id: crypto.randomUUID(), ...about, body }, headers).catch(() => {});
      }
      return { kind: "done" };
    },
  });

  function obey(rule: Rule, orderId: string, refuse: boolean): string {
    const state = states[rule.kind].get(orderId);
    const [refused, refusal] = rule.refusal ?? [];
    if (state === rule.to) return rule.reply;
    if (!rule.from.includes(state)) {
      if (refusal) return state === "reserved" || state === "authorized" ? rule.reply : refusal;
      throw new Error(`an order that is ${state} cannot be ${rule.to}`);
    }
    states[rule.kind].set(orderId, refuse && refused ? refused : rule.to);
    return refuse && refusal ? refusal : rule.reply;
  }

  const server = Fastify();
  server.addHook("onRequest", async (_request, reply) => {
    if (!answering) return reply.status(503).send({ message: "not now" });
  });
  for (const kind of Object.keys(states) as Kind[]) {
    server.get<{ Params: { orderId: string } }>(`/${kind}/:orderId`, async ({ params }) => ({
      state: states[kind].get(params.orderId) ?? "unknown",
    }));
  }
  server.get("/products", async () => ({
    products: [...prices].map(([sku, priceCents]) => ({ sku, priceCents, name: sku, available: null })),
  }));
  server.get<{ Params: { sku: string } }>("/products/:sku", async ({ params }, reply) => {
    const priceCents = prices.get(params.sku);
    return priceCents ? { priceCents } : reply.status(404).send({ message: "no such product" });
  });
  for (const path of ["/reserve", "/payments", "/shipments", "/commit", "/mails"]) {
    server.post(path, async ({ body }, reply) => {
      seen.push({ name: path, orderId: commandBody.parse(body).orderId, body });
      if (toBehaviour(path) === "refused") return reply.status(409).send({ message: `no ${path}` });
      return {};
    });
  }

  return {
    url: await server.listen({ port: 0, host: "127.0.0.1" }),
    states,
    prices,
    seen,
    bus,
    names: (orderId: string) => seen.filter((one) => one.orderId === orderId).map(({ name }) => name),
    /** From now on, and counted from now. */
    play(next: typeof script) {
      script = next;
      counts.clear();
    },
    onCommand(listener: typeof onCommand) {
      onCommand = listener;
    },
    /** Whether HTTP requests are answered. */
    answer(does: boolean) {
      answering = does;
    },
    async close() {
      await server.close();
      await bus.close();
    },
  };
}
