"use client";
import { LoaderCircle, OctagonX, Unplug } from "lucide-react";
import type { ReactNode } from "react";
import { useSystem } from "../live/use-live.ts";

/** Before the first snapshot. */
export function ConnectingScreen({ lost }: { lost: boolean }) {
  return lost ? (
    <Screen
      testId="not-answering"
      icon={<Unplug size="2.5rem" aria-hidden="true" />}
      title="The dashboard is not answering"
      text="Is `npm start` still running? This page goes on trying by itself."
    />
  ) : (
    <Screen
      testId="connecting"
      icon={<LoaderCircle size="2.5rem" aria-hidden="true" className="animate-spin" />}
      title="Connecting to the dashboard"
      text="The map appears with the first picture of the system."
    />
  );
}

export function FailedScreen() {
  return (
    <Screen
      testId="failed"
      icon={<OctagonX size="2.5rem" aria-hidden="true" className="text-failing" />}
      title="The system did not start"
      text={useSystem()?.message ?? ""}
    />
  );
}

function Screen({ testId, icon, title, text }: { testId: string; icon: ReactNode; title: string; text: string }) {
  return (
    <div data-testid={`screen-${testId}`} className="grid h-full place-items-center p-8">
      <div role="status" className="flex max-w-2xl flex-col items-center gap-4 text-center">
        {icon}
        <h2 className="text-2xl font-semibold">{title}</h2>
        <p className="text-lg text-muted">{text}</p>
      </div>
    </div>
  );
}
