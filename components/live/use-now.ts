"use client";
import { useSyncExternalStore } from "react";
import { liveStore } from "./live-store.ts";

/*
 * One interval for all countdowns of a pace; it runs only while something on the screen counts, and not on a hidden page.
 */
function createTicker(everyMs: number) {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let now = 0;
  const tick = () => {
    if (document.hidden) return;
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    now: () => now,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      if (listeners.size === 1) {
        now = Date.now();
        timer = setInterval(tick, everyMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
  };
}

const tickers = { tenth: createTicker(100), second: createTicker(1_000) };

/** The dashboard's time, epoch ms, renewed each tenth of a second or each second; 0 in the server's markup. */
export function useNow(pace: keyof typeof tickers): number {
  const ticker = tickers[pace];
  const now = useSyncExternalStore(ticker.subscribe, ticker.now, () => 0);
  return (now || Date.now()) + liveStore.getState().clockSkewMs;
}
