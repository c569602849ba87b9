"use client";
import { SidePanel } from "../inspector/side-panel.tsx";
import { useLive } from "../live/use-live.ts";
import { MapView } from "./map-view.tsx";
import { ConnectingScreen, FailedScreen } from "./status-screens.tsx";

/** The map, and beside it a column that is always there: opening the inspector never moves the map. */
export function MapPage() {
  const status = useLive((state) => state.system?.status);
  const lost = useLive((state) => state.connection.state === "disconnected");
  const empty = useLive((state) => state.shape.components.length === 0);
  if (status === undefined) return <ConnectingScreen lost={lost} />;
  if (status === "failed" && empty) return <FailedScreen />;
  return (
    <div className="flex h-full max-[900px]:flex-col">
      <div className={`relative min-h-0 min-w-0 flex-1 transition-[filter] ${lost ? "opacity-60 grayscale" : ""}`}>
        <MapView />
      </div>
      <SidePanel />
    </div>
  );
}
