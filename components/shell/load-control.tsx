"use client";
import { Minus, Plus } from "lucide-react";
import { sendCommand } from "../live/send-command.ts";
import { useSystem } from "../live/use-live.ts";
import { Button } from "../ui/button.tsx";
import { toNextLoad } from "./to-next-load.ts";

/** The load asked of the system's own load generators, in steps that a hand can feel. */
export function LoadControl() {
  const rate = useSystem()?.loadRatePerSecond ?? null;
  if (rate === null) return null;
  const set = (direction: 1 | -1) => void sendCommand("load:set", { ratePerSecond: toNextLoad(rate, direction) });
  return (
    <fieldset className="flex items-center gap-1.5">
      <legend className="sr-only">Load</legend>
      <Button size="icon" aria-label="Less load" disabled={rate <= 0} onClick={() => set(-1)}>
        <Minus size="1.1em" aria-hidden="true" />
      </Button>
      <div className="min-w-[3.6rem] text-center">
        <output data-testid="load-rate" className="block text-lg leading-none font-semibold whitespace-nowrap">
          {rate}/s
        </output>
        <div className="mt-1 text-xs text-muted">load</div>
      </div>
      <Button size="icon" aria-label="More load" disabled={rate >= 2_000} onClick={() => set(1)}>
        <Plus size="1.1em" aria-hidden="true" />
      </Button>
    </fieldset>
  );
}
