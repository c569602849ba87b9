import type { Shop } from "./shop.ts";

/** Lets a component die between its work for such a message and the acknowledgement; it comes back by itself. */
export async function crashOnce(shop: Shop, component: string, message: string) {
  const restarts = await shop.restarts(component);
  const fault = await shop.break(component, "crash_before_ack", { message });
  await shop.until(`${component} dies`, 20_000, ({ components }) => {
    const { state, restarts: now = 0 } = components[component] ?? {};
    return now > restarts || state !== "running";
  });
  await shop.heal(fault);
  await shop.until(`${component} is back`, 30_000, ({ components }) => components[component]?.state === "running");
}
