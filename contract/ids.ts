import { z } from "zod";

/** A component's id is its service name in the compose file. */
export const componentId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/);

/** `caller->callee`; a caller's second port on the same callee is `caller->callee:port`. */
export const edgeId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}->[A-Za-z0-9][A-Za-z0-9_.-]{0,63}(:\d{1,5})?$/);

export function toEdgeId(caller: string, callee: string): string {
  return `${caller}->${callee}`;
}
