"use client";
import type { ButtonHTMLAttributes } from "react";

const base =
  "inline-flex items-center justify-center gap-[0.4em] rounded-md border font-medium whitespace-nowrap " +
  "transition-colors disabled:cursor-not-allowed disabled:opacity-45";
const tones = {
  plain: "border-line bg-raised text-ink enabled:hover:border-line-strong",
  accent: "border-accent bg-accent text-on-accent enabled:hover:brightness-110",
  harm: "border-line bg-raised text-ink enabled:hover:border-failing enabled:hover:text-failing",
  ghost: "border-transparent bg-transparent text-muted enabled:hover:text-ink enabled:hover:bg-raised",
} as const;
const sizes = { small: "h-8 px-2.5 text-sm", large: "h-10 px-3.5 text-base", icon: "size-9 text-sm" } as const;

/** A button in one of the product's four tones. */
export function Button({
  tone = "plain",
  size = "small",
  className = "",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { tone?: keyof typeof tones; size?: keyof typeof sizes }) {
  return <button type="button" className={`${base} ${tones[tone]} ${sizes[size]} ${className}`} {...rest} />;
}
