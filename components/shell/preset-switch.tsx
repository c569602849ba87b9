"use client";
import { sendCommand } from "../live/send-command.ts";
import { useSystem } from "../live/use-live.ts";
import { Segmented } from "../ui/segmented.tsx";

/** All policies at once, by the presets that the system brings. None is marked after a single policy was changed. */
export function PresetSwitch() {
  const system = useSystem();
  if (!system || system.presets.length === 0) return null;
  return (
    <Segmented
      label="Policy preset"
      testIdPrefix="preset-"
      options={system.presets.map((name) => ({ value: name, label: name.charAt(0).toUpperCase() + name.slice(1) }))}
      value={system.preset}
      onChange={(name) => void sendCommand("policy:preset", { name })}
    />
  );
}
