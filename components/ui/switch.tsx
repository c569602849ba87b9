"use client";
import * as Radix from "radix-ui/switch";

/** An on/off switch with its name beside it. */
export function Switch({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Radix renders a button, which a label may hold
    <label className="flex cursor-pointer items-center gap-2">
      <Radix.Root
        checked={checked}
        onCheckedChange={onChange}
        className="relative h-[1.35em] w-[2.4em] shrink-0 rounded-full border border-line-strong bg-ground data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <Radix.Thumb className="block size-[1em] translate-x-[0.15em] rounded-full bg-line-strong transition-transform data-[state=checked]:translate-x-[1.15em] data-[state=checked]:bg-on-accent" />
      </Radix.Root>
      <span>{label}</span>
    </label>
  );
}
