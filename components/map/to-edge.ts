import type { Edge } from "#contract/state.ts";
import { toBreakerWord } from "../policies/to-breaker-text.ts";
import { toMs, toPercent, toRate } from "../ui/to-text.ts";

/** Line width in map units: grows with the logarithm of the rate, from 2 when idle to 9. */
export function toThickness(ratePerSecond: number, quiet: boolean): number {
  const width = 2 + Math.log10(1 + Math.max(0, ratePerSecond)) * 2.4;
  return Math.min(9, quiet ? width * 0.6 : width);
}

/** Room that a label needs beside its line, map units: numbers, and below them a row for breaker or fault. */
export function toLabelBox(protocol: string): { width: number; height: number } {
  return isQuiet(protocol) ? { width: 110, height: 28 } : { width: 224, height: 64 };
}

/** A database's own edge is drawn quieter: one owner, no surprise. */
export function isQuiet(protocol: string): boolean {
  return protocol === "postgres" || protocol === "redis";
}

export function isMessaging(protocol: string): boolean {
  return protocol === "amqp";
}

/** A few 4xx are everyday life; from the share at which they count against health, they stand on the line. */
export function showsClientErrors(edge: Edge): boolean {
  return edge.clientErrorRatio >= 0.1;
}

/** What a screen reader says of an edge, with all its numbers. */
export function toEdgeLabel(edge: Edge): string {
  const parts = [`${edge.caller} to ${edge.callee}`, edge.health];
  parts.push(`${toRate(edge.ratePerSecond).replace("/s", "")} requests per second`);
  parts.push(`${toPercent(edge.errorRatio)} errors`);
  if (showsClientErrors(edge)) parts.push(`${toPercent(edge.clientErrorRatio)} answered with 4xx`);
  if (edge.p95Ms !== null) parts.push(`p95 ${toMs(edge.p95Ms)}`);
  if (edge.breaker) parts.push(`circuit breaker ${toBreakerWord(edge.breaker.state)}`);
  if (edge.faults.length > 0) parts.push(edge.faults.length === 1 ? "1 fault" : `${edge.faults.length} faults`);
  if (edge.reason) parts.push(edge.reason);
  return parts.join(", ");
}
