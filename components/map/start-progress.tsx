"use client";
import { useShallow } from "zustand/react/shallow";
import { useLive, useSystem } from "../live/use-live.ts";
import { toProgress } from "../shell/to-system-text.ts";

/** How many waiting components are named at once; the rest is a number. */
const NAMED = 6;

/** Over the map while the system starts, or when it could not: what it waits for, component by component. */
export function StartProgress() {
  const system = useSystem();
  const components = useLive(useShallow((state) => Object.values(state.components)));
  if (!system || system.status === "running" || system.status === "degraded") return null;
  const { up, of, waiting } = toProgress(components);
  const failed = system.status === "failed";
  return (
    <section
      data-testid="start-progress"
      className={`absolute top-4 left-4 z-20 w-[26rem] max-w-[calc(100%-2rem)] rounded-xl border-2 bg-raised p-4 shadow-xl ${failed ? "border-failing" : "border-line"}`}
    >
      <h2 role="status" className="text-lg font-semibold">
        {system.message || system.status}
      </h2>
      {of > 0 && !failed && (
        <>
          <div
            role="progressbar"
            aria-label="Components running"
            aria-valuenow={up}
            aria-valuemin={0}
            aria-valuemax={of}
            className="mt-3 h-2.5 rounded-full bg-ground ring-1 ring-line"
          >
            <div className="h-full rounded-full bg-accent" style={{ width: `${(up / of) * 100}%` }} />
          </div>
          <p className="mt-1 text-muted">
            {up} of {of} running
          </p>
        </>
      )}
      <ul className="mt-2 space-y-1">
        {waiting.slice(0, NAMED).map(({ id, state, detail }) => (
          <li key={id} className="flex justify-between gap-3">
            <span className="font-medium">{id}</span>
            <span className="truncate text-muted">{detail ?? state}</span>
          </li>
        ))}
        {waiting.length > NAMED && <li className="text-muted">and {waiting.length - NAMED} more</li>}
      </ul>
    </section>
  );
}
