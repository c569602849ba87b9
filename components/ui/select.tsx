"use client";
import type { SelectHTMLAttributes } from "react";

/** A named choice by the browser's own select: it works with every keyboard, screen reader and touch screen there is. */
export function Select({
  label,
  className = "gap-2",
  ...rest
}: SelectHTMLAttributes<HTMLSelectElement> & { label: string }) {
  return (
    <label className={`flex items-center text-muted ${className}`}>
      {label}
      <select className="h-8 rounded-md border border-line bg-raised px-2 text-sm text-ink" {...rest} />
    </label>
  );
}
