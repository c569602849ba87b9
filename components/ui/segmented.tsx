"use client";
import * as Radix from "radix-ui/radio-group";

/** A few choices side by side, one of them in force; `value` null when none is. */
export function Segmented<T extends string>({
  label,
  options,
  value,
  onChange,
  testIdPrefix,
}: {
  label: string;
  options: { value: T; label: string }[];
  value: T | null;
  onChange: (value: T) => void;
  testIdPrefix?: string;
}) {
  return (
    <Radix.Root
      aria-label={label}
      value={value ?? ""}
      onValueChange={(next) => onChange(next as T)}
      orientation="horizontal"
      className="flex h-10 items-stretch rounded-lg border border-line bg-surface p-0.5"
    >
      {options.map((option) => (
        <Radix.Item
          key={option.value}
          value={option.value}
          {...(testIdPrefix && { "data-testid": `${testIdPrefix}${option.value}` })}
          className="rounded-md px-3 font-medium text-muted hover:text-ink data-[state=checked]:bg-accent data-[state=checked]:text-on-accent"
        >
          {option.label}
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}
