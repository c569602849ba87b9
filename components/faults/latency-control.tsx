"use client";
import * as Slider from "radix-ui/slider";
import { useEffect, useMemo, useState } from "react";
import { liveStore } from "../live/live-store.ts";
import { announce, sendCommand } from "../live/send-command.ts";
import { uiStore } from "../live/ui-store.ts";
import { useFaultsOn } from "../live/use-live.ts";
import { toMs } from "../ui/to-text.ts";
import { createLatencyDriver } from "./latency-driver.ts";

const MAX_MS = 5_000;
const STEP_MS = 100;
/** How long after the last move the slider shows the hand's value rather than the picture's. */
const HAND_MS = 1_200;

/** The signature gesture: drag, and every answer on this line comes that much later, at once. */
export function LatencyControl({ edge }: { edge: string }) {
  const holding = useFaultsOn(edge).find(({ type }) => type === "latency");
  const inForce = Number(holding?.attributes["latency"] ?? 0);
  const [hand, setHand] = useState<number | null>(null);
  const port = useMemo(() => toPort(edge), [edge]);
  const driver = useMemo(() => createLatencyDriver(port), [port]);

  /** One toast when the hand lets go, not one for every step. */
  const sayDone = async (latency: number) => {
    await driver.settled();
    const held = port.current();
    if (!held || latency === 0) return;
    const input = { target: { edge }, type: "latency", attributes: { latency } } as const;
    announce({ name: "fault:add", input }, held, liveStore.getState(), `latency-${edge}`);
  };

  useEffect(() => {
    if (hand === null) return;
    const timer = setTimeout(() => setHand(null), HAND_MS);
    return () => clearTimeout(timer);
  }, [hand]);

  const value = hand ?? inForce;
  return (
    <div>
      <div className="flex items-baseline justify-between">
        <span id={`latency-${edge}`} className="font-medium">
          Latency
        </span>
        <output className={`text-lg font-semibold ${value > 0 ? "text-failing" : "text-muted"}`}>
          {value > 0 ? `+${toMs(value)}` : "none"}
        </output>
      </div>
      <Slider.Root
        data-testid="latency-slider"
        value={[Math.min(MAX_MS, value)]}
        min={0}
        max={MAX_MS}
        step={STEP_MS}
        onValueChange={([next = 0]) => {
          setHand(next);
          driver.set(next);
        }}
        onValueCommit={([last = 0]) => void sayDone(last)}
        className="relative flex h-8 touch-none items-center select-none"
      >
        <Slider.Track className="relative h-2.5 grow rounded-full border border-line-strong bg-ground">
          <Slider.Range className="absolute h-full rounded-full bg-failing" />
        </Slider.Track>
        <Slider.Thumb
          aria-labelledby={`latency-${edge}`}
          aria-valuetext={value > 0 ? `${toMs(value)} later` : "none"}
          className="block size-6 rounded-full border-[3px] border-ink bg-ground shadow-md"
        />
      </Slider.Root>
      <div className="flex justify-between text-xs text-muted" aria-hidden="true">
        {[0, 1, 2, 3, 4, 5].map((seconds) => (
          <span key={seconds} className="w-6 text-center">
            {seconds === 0 ? "0" : `${seconds} s`}
          </span>
        ))}
      </div>
    </div>
  );
}

function toPort(edge: string) {
  const quiet = { quiet: true };
  // A fault that lapsed under the hand is no news: the driver adds it anew, and says so if that is refused.
  const silent = { quiet: true, silent: true };
  const target = { edge };
  return {
    current() {
      const held = Object.values(liveStore.getState().faults).find(
        (fault) => fault.type === "latency" && "edge" in fault.target && fault.target.edge === edge,
      );
      return held ? { id: held.id } : null;
    },
    async add(latency: number) {
      const { leaseMs } = uiStore.getState();
      const answer = await sendCommand(
        "fault:add",
        { target, type: "latency", attributes: { latency }, leaseMs },
        quiet,
      );
      return answer.ok ? answer.id : null;
    },
    async update(id: string, latency: number) {
      const answer = await sendCommand("fault:update", { id, attributes: { latency } }, silent);
      return answer.ok;
    },
    async remove(id: string) {
      await sendCommand("fault:remove", { id }, quiet);
    },
  };
}
