"use client";
import type { SelectHTMLAttributes } from "react";

/** The browser's own select: works with every keyboard, screen reader and touch screen there is. */
export function Select({ className = "", ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <select className={`h-8 rounded-md border border-line bg-raised px-2 text-sm text-ink ${className}`} {...rest} />
  );
}
