"use client";
import { TriangleAlert, Unplug } from "lucide-react";
import type { ReactNode } from "react";
import { useLive, useSystem } from "../live/use-live.ts";
import { useNow } from "../live/use-now.ts";
import { toAge } from "../ui/to-text.ts";

/** What is wrong with the dashboard itself, over the top of the view; nothing when nothing is. */
export function Banners() {
  const lost = useLive(({ connection, system }) => connection.state === "disconnected" && system !== null);
  const system = useSystem();
  if (lost) {
    return (
      <Over>
        <Lost />
      </Over>
    );
  }
  if (system?.status === "failed") return null;
  return (
    <Over>
      {system?.agent === "down" && (
        <Banner testId="agent-down" tone="bad" icon={<TriangleAlert size="1.2em" aria-hidden="true" />}>
          The agent is down: calls between components fail, and faults cannot be set. It is being started again.
        </Banner>
      )}
    </Over>
  );
}

/** Over the view rather than above it: a banner that comes or goes must not move the map. */
function Over({ children }: { children: ReactNode }) {
  return <div className="absolute inset-x-0 top-0 z-30">{children}</div>;
}

function Lost() {
  const since = useLive((state) => state.connection.since);
  const skew = useLive((state) => state.clockSkewMs);
  const now = useNow("second") - skew;
  return (
    <Banner testId="disconnected" tone="bad" icon={<Unplug size="1.2em" aria-hidden="true" />}>
      The dashboard is not answering for {toAge(now - since)}; retrying. The map shows the last known state.
    </Banner>
  );
}

function Banner({
  testId,
  tone,
  icon,
  children,
}: {
  testId: string;
  tone: "bad" | "warn";
  icon: ReactNode;
  children: ReactNode;
}) {
  const look = tone === "bad" ? "bg-failing-ground border-failing" : "bg-degraded-ground border-degraded";
  return (
    <div
      role="alert"
      data-testid={`banner-${testId}`}
      className={`flex items-center gap-2.5 border-b-2 px-4 py-1.5 text-base text-ink ${look}`}
    >
      {icon}
      <p>{children}</p>
    </div>
  );
}
