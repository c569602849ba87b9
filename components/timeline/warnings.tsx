"use client";
import { TriangleAlert, X } from "lucide-react";
import { useState } from "react";
import { useSystem } from "../live/use-live.ts";

/** What of the compose file could not be interposed, by name, until the reader has taken note. */
export function Warnings() {
  const warnings = useSystem()?.warnings ?? [];
  const [read, setRead] = useState<ReadonlySet<string>>(new Set());
  return warnings
    .filter((warning) => !read.has(warning))
    .map((warning) => (
      <div
        key={warning}
        role="status"
        data-testid="warning"
        className="flex items-start gap-2 border-t border-degraded bg-degraded-ground px-4 py-2"
      >
        <TriangleAlert size="1.15em" aria-hidden="true" className="mt-[0.12em] shrink-0 text-degraded" />
        <p className="min-w-0 flex-1">{warning}</p>
        <button type="button" aria-label="Noted" onClick={() => setRead(new Set([...read, warning]))}>
          <X size="1.1em" aria-hidden="true" />
        </button>
      </div>
    ));
}
