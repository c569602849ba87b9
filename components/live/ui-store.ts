"use client";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { THEME_KEY, type Theme } from "../shell/theme-script.ts";

/** One component or one edge. */
export type Selection = { kind: "component" | "edge"; id: string };

/** What several parts of the page share and the dashboard need not know. The selection is mirrored in the URL. */
type UiState = {
  selection: Selection | null;
  /** Grows when the inspector shall take the keyboard; `latency` when its slider shall. */
  focusRequest: { count: number; part: "panel" | "latency" };
  /** The card and the line that Tab leads to; null for the first. */
  roving: { component: string | null; edge: string | null };
  /** Lease given to the next fault. */
  leaseMs: number;
  theme: Theme;
  keyHelpOpen: boolean;
  /** What Heal everything answered last. */
  healed: { healed: boolean; residue: string[] } | "working" | null;
};

export const uiStore = createStore<UiState>()(() => ({
  selection: null,
  focusRequest: { count: 0, part: "panel" },
  roving: { component: null, edge: null },
  leaseMs: 60_000,
  theme: "dark",
  keyHelpOpen: false,
  healed: null,
}));

export function useUi<T>(select: (state: UiState) => T): T {
  return useStore(uiStore, select);
}

/** Edge ids are `caller->callee`; no component may be called so. */
export function toSelection(id: string | null): Selection | null {
  if (!id) return null;
  return { kind: id.includes("->") ? "edge" : "component", id };
}

export function select(id: string | null): void {
  uiStore.setState({ selection: toSelection(id) });
  const url = new URL(window.location.href);
  if (id) url.searchParams.set("select", id);
  else url.searchParams.delete("select");
  // replace, not push: the back button leaves the page's view, not the last twenty clicks on the map.
  window.history.replaceState(window.history.state, "", url);
}

export function openInspector(id: string, part: UiState["focusRequest"]["part"] = "panel"): void {
  select(id);
  uiStore.setState((state) => ({ focusRequest: { count: state.focusRequest.count + 1, part } }));
}

export function setTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(THEME_KEY, theme);
  } catch {
    // Private windows may refuse storage: the theme then lasts as long as the page.
  }
  uiStore.setState({ theme });
}
