"use client";
import { useEffect, useState } from "react";

/** What a repeated GET has brought so far. `error` is a sentence; data of earlier rounds stays. */
export type Polled<T> = { data: T | null; error: string | null };

/**
 * Fetches `url` at once and then `everyMs` after each answer; never two at a time, and not while the page is hidden.
 * `everyMs` null fetches once. `url` null fetches nothing and keeps what is there.
 */
export function usePoll<T>(url: string | null, everyMs: number | null): Polled<T> {
  const [polled, setPolled] = useState<Polled<T>>({ data: null, error: null });
  useEffect(() => {
    if (!url) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const round = async () => {
      if (!document.hidden) {
        try {
          const response = await fetch(url, { signal: stop.signal });
          const body: unknown = await response.json();
          if (!response.ok) throw new Error((body as { message?: string }).message ?? `answered ${response.status}`);
          setPolled({ data: body as T, error: null });
        } catch (error) {
          if (stop.signal.aborted) return;
          const why = error instanceof Error ? error.message : String(error);
          setPolled((before) => ({ data: before.data, error: why }));
        }
      }
      if (everyMs !== null && !stop.signal.aborted) timer = setTimeout(() => void round(), everyMs);
    };
    void round();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [url, everyMs]);
  return polled;
}
