import type { Shop, Window } from "./shop.ts";

const UNDER_WAY_MS = 1_000;

/** Lets a component die between its work for such a message and the acknowledgement; it comes back by itself. Answers when that was. */
export async function crashOnce(shop: Shop, component: string, message: string): Promise<Window> {
  const from = Date.now();
  const restarts = await shop.restarts(component);
  const fault = await shop.break(component, "crash_before_ack", { message });
  await shop.until(`${component} dies`, 20_000, ({ components }) => {
    const { state, restarts: now = 0 } = components[component] ?? {};
    return now > restarts || state !== "running";
  });
  const to = Date.now();
  await shop.heal(fault);
  await shop.until(`${component} is back`, 30_000, ({ components }) => components[component]?.state === "running");
  // Orders that were placed shortly before are on their way, too.
  return { from: from - UNDER_WAY_MS, to };
}
