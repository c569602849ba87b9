/** Thrown by a handler for a message that will never be understood: it goes to the dead letters at once. */
export class PoisonMessageError extends Error {
  override name = "PoisonMessageError";
}

/** Thrown by a handler for what will pass: the message is tried again in place, and the attempt does not count. */
export class TransientError extends Error {
  override name = "TransientError";
}
