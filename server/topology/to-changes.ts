import { isDeepStrictEqual } from "node:util";

/** What turns `before` into `after`: what is new or different, whole; null for what is gone; undefined where equal. */
export function toChanges<T>(
  before: Record<string, T>,
  after: Record<string, T>,
): Record<string, T | null> | undefined {
  const changes: Record<string, T | null> = {};
  for (const [id, entry] of Object.entries(after)) {
    const known = before[id];
    if (known !== entry && !isDeepStrictEqual(known, entry)) changes[id] = entry;
  }
  for (const id of Object.keys(before)) if (!(id in after)) changes[id] = null;
  return Object.keys(changes).length > 0 ? changes : undefined;
}
