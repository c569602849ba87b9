/** Who asked: the person at the map, or a program over HTTP. Shown in the event list. */
export type Who = "you" | "curl";

/** Owner of a fault that somebody set on the agent directly. */
export const EXTERNAL_OWNER = "external";
