/** Who asked: the person at the map, a program over HTTP, or a time limit that ran out. Shown in the event list. */
export type Who = "you" | "curl" | "lease";

/** Owner of a fault that somebody set on the agent directly. */
export const EXTERNAL_OWNER = "external";
