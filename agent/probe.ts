import net from "node:net";
import type { Address } from "./address.ts";
import { sharedLookup } from "./shared-lookup.ts";

const PROBE_TIMEOUT_MS = 1_000;

/** Whether something accepts connections there, found out by making one. */
export function probe(address: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ ...address, lookup: sharedLookup });
    const answer = (open: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(open);
    };
    const timer = setTimeout(() => answer(false), PROBE_TIMEOUT_MS);
    socket.on("connect", () => answer(true));
    socket.on("error", () => answer(false));
  });
}
