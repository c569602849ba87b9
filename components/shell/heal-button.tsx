"use client";
import { HeartPulse, X } from "lucide-react";
import { uiStore, useUi } from "../live/ui-store.ts";
import { Button } from "../ui/button.tsx";
import { healEverything } from "./heal-everything.ts";

/** The one key that brings all back, and the proof of it below. */
export function HealButton() {
  const healed = useUi((state) => state.healed);
  const working = healed === "working";
  return (
    <div className="relative">
      <Button
        size="large"
        data-testid="heal-everything"
        aria-label={working ? "Healing" : "Heal everything"}
        aria-keyshortcuts="Shift+H"
        title="Ends every fault, starts what was killed, restores policies and load (Shift+H)"
        disabled={working}
        onClick={() => void healEverything()}
      >
        <HeartPulse size="1.2em" aria-hidden="true" />
        {working ? "Healing…" : "Heal"}
        {!working && <span className="heal-long">everything</span>}
      </Button>
      {healed !== null && healed !== "working" && (
        <div
          data-testid="heal-result"
          data-healed={healed.healed}
          className={`absolute top-full right-0 z-50 mt-2 flex w-max max-w-[28rem] items-start gap-3 rounded-lg border-2 bg-raised p-3 text-base shadow-lg ${
            healed.healed ? "border-ok" : "border-failing"
          }`}
        >
          <div>
            <p className="font-semibold">{healed.healed ? "Healed: everything is back." : "Not everything is back:"}</p>
            {healed.residue.length > 0 && (
              <ul className="mt-1 list-disc pl-5 text-sm">
                {healed.residue.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            )}
          </div>
          <button type="button" aria-label="Close" onClick={() => uiStore.setState({ healed: null })}>
            <X size="1.1em" aria-hidden="true" />
          </button>
        </div>
      )}
    </div>
  );
}
