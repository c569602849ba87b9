"use client";
import { useEffect, useState } from "react";

/** A number that is sent when the field is left or Enter is pressed, not while it is being typed. */
export function NumberField({
  label,
  unit,
  value,
  min,
  max,
  onCommit,
}: {
  label: string;
  unit?: string;
  value: number;
  min: number;
  max: number;
  onCommit: (value: number) => void;
}) {
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const commit = () => {
    const typed = Math.round(Number(text));
    if (text.trim() === "" || !Number.isFinite(typed)) return setText(String(value));
    const next = Math.min(max, Math.max(min, typed));
    setText(String(next));
    if (next !== value) onCommit(next);
  };
  return (
    <label className="flex items-center gap-2 text-muted">
      {label}
      <input
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          event.stopPropagation();
        }}
        className="h-7 w-[5.4rem] rounded-md border border-line bg-ground px-2 text-right text-ink"
      />
      {unit}
    </label>
  );
}
