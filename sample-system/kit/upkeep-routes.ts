/**
 * What is asked by those who look after the shop, not by customers: past the worker pool, and in no trace. Where modules
 * share a process, each has its own below /modules/<name>.
 */
const upkeepRoute = /^(\/modules\/[a-z]+)?\/(live|ready|audit|reset)$/;

export function isUpkeepRoute(path: string | undefined): boolean {
  return path !== undefined && upkeepRoute.test(path);
}
