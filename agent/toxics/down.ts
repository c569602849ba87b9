import { toxicAttributes } from "#contract/faults.ts";
import type { ListenerToxic } from "./toxic.ts";

/* The listener is closed: connections are refused by the system, live ones are closed. It opens again on removal. */

// Settings

const settings = toxicAttributes.down;

// Transform: none on the bytes. The edge keeps its listener closed while such a toxic holds (edge-listener.ts).

// Register

export const down: ListenerToxic = { acts: "on_listener", type: "down", settings };
