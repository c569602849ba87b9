import type { Tx } from "../kit/messaging/handler.ts";
import type { Goods, ReservationState } from "./reservation.ts";
import { findOrAdd, findReservation, setState } from "./reservation-store.ts";
import { moveStock } from "./stock-store.ts";

/*
 * What the commands do, each in one transaction, in one order of locks: the order's reservation, then the product's row.
 *
 * `isIdempotent` is the inbox policy. With it, a command that comes again gets its answer again. Without it, the goods move
 * again: whoever asks twice takes twice from the shelf, and what nobody has a reservation for is missing in the books.
 */
export type Outcome = { done: true } | { done: false; reason: string };

const done: Outcome = { done: true };

export async function reserveStock(tx: Tx, goods: Goods, isIdempotent: boolean): Promise<Outcome> {
  const { orderId, sku, quantity } = goods;
  const { reservation, isNew } = await findOrAdd(tx, { ...goods, state: "reserved" });
  if (reservation.state === "rejected") return { done: false, reason: reservation.reason ?? "rejected before" };
  if (reservation.state === "released") return { done: false, reason: "the order was given up before" };
  if (!isNew && isIdempotent) return done;

  if (await moveStock(tx, sku, { onHand: -quantity, reserved: isNew ? quantity : 0 })) return done;
  const reason = `not enough "${sku}" in stock`;
  if (isNew) await setState(tx, orderId, "rejected", reason);
  return { done: false, reason };
}

/** Of an order that is not known yet it is noted, and a ReserveStock that comes later is rejected. */
export async function releaseStock(tx: Tx, orderId: string, isIdempotent: boolean): Promise<Outcome> {
  const { reservation, isNew } = await findOrAdd(tx, { orderId, state: "released", sku: "", quantity: 0 });
  const { state, sku, quantity } = reservation;
  if (state === "committed") return { done: false, reason: `the goods of order ${orderId} have left` };
  if (isNew || state === "rejected") return done;
  if (state === "released" && (isIdempotent || quantity === 0)) return done;

  if (state === "reserved") await setState(tx, orderId, "released");
  await moveStock(tx, sku, { onHand: quantity, reserved: state === "reserved" ? -quantity : 0 });
  return done;
}

const committable = new Set<ReservationState | undefined>(["reserved", "committed"]);

export async function commitStock(tx: Tx, orderId: string, isIdempotent: boolean): Promise<Outcome> {
  const known = await findReservation(tx, orderId, "FOR UPDATE");
  if (!known || !committable.has(known.state)) {
    return { done: false, reason: `nothing is reserved for order ${orderId}` };
  }
  const { state, sku, quantity } = known;
  if (state === "committed" && isIdempotent) return done;

  if (state === "reserved") await setState(tx, orderId, "committed");
  await moveStock(tx, sku, { reserved: state === "reserved" ? -quantity : 0, shipped: quantity });
  return done;
}
