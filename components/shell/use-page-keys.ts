"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { select, uiStore } from "../live/ui-store.ts";
import { healEverything } from "./heal-everything.ts";

/** Whether the key belongs to a field that is being typed in. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Keys that work everywhere on the page; those of the map are in map/use-map-keys.ts. */
export function usePageKeys(): void {
  const router = useRouter();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.key === "H") void healEverything();
      else if (event.key === "?") uiStore.setState((state) => ({ keyHelpOpen: !state.keyHelpOpen }));
      else if (event.key === "t") router.push("/traces");
      else if (event.key === "m") router.push("/");
      else if (event.key === "Escape" && uiStore.getState().healed) uiStore.setState({ healed: null });
      else if (event.key === "Escape") select(null);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [router]);
}
