"use client";
import { useLive } from "../live/use-live.ts";

const marks = {
  live: { colour: "bg-ok", text: "live" },
  connecting: { colour: "bg-idle", text: "connecting" },
  disconnected: { colour: "bg-failing", text: "disconnected" },
} as const;

/** A small light beside the name; the banner below says more when it is not green. */
export function ConnectionMark() {
  const { state } = useLive((live) => live.connection);
  const { colour, text } = marks[state];
  return (
    <span data-testid="connection" data-state={state} title={text} className={`size-2.5 rounded-full ${colour}`}>
      <span className="sr-only">{text}</span>
    </span>
  );
}
