"use client";
import { useEffect, useRef, useState } from "react";
import { liveStore } from "../live/live-store.ts";

/** At most one announcement in this time; a cascade would otherwise talk for minutes. */
const PACE_MS = 1_500;

/** Speaks the newest event politely to screen readers. What happened before the page was opened stays unsaid. */
export function Announcer() {
  const [text, setText] = useState("");
  const spoken = useRef<number | null>(null);
  useEffect(() => {
    const timer = setInterval(() => {
      const newest = liveStore.getState().events.at(-1);
      if (!newest) return;
      if (spoken.current !== null && newest.id !== spoken.current) setText(newest.text);
      spoken.current = newest.id;
    }, PACE_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p aria-live="polite" data-testid="announcer" className="sr-only">
      {text}
    </p>
  );
}
