import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";

/*
 * Name lookups block one of libuv's four threads each, and the name of a container that is gone can take a second to
 * fail. So dials to the same name share one lookup: a dead upstream then holds one thread, not all, and edges to
 * living ones are dialled as ever. Answers are not kept, since a restarted container may have a new address.
 */
type Answer = Parameters<LookupFunction>[2];
const underWay = new Map<string, Answer[]>();

export const sharedLookup: LookupFunction = (hostname, options, callback) => {
  const key = `${hostname} ${options.family ?? 0} ${options.hints ?? 0} ${options.all ?? false}`;
  const waiting = underWay.get(key);
  if (waiting) {
    waiting.push(callback);
    return;
  }
  const callbacks = [callback];
  underWay.set(key, callbacks);
  lookup(hostname, options, (error, address, family) => {
    underWay.delete(key);
    for (const answer of callbacks) answer(error, address, family);
  });
};
