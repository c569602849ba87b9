/** By the global timer, which a fake clock moves; that of node:timers/promises it does not. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
