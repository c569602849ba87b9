import type { ToxicType } from "#contract/faults.ts";
import { down } from "./down.ts";
import { latency } from "./latency.ts";
import { resetPeer } from "./reset-peer.ts";
import { timeout } from "./timeout.ts";
import type { Toxic } from "./toxic.ts";

/** Every toxic, by its public name. A type in the contract without an entry here does not compile. */
export const toxics: Record<ToxicType, Toxic> = { latency, timeout, reset_peer: resetPeer, down };
