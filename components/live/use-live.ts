"use client";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { Fault } from "#contract/faults.ts";
import type { Component, Edge, System } from "#contract/state.ts";
import type { LiveState } from "./live-state.ts";
import { liveStore } from "./live-store.ts";

/** Subscribes to one slice; re-renders only when the selected value changes its identity. */
export function useLive<T>(select: (state: LiveState) => T): T {
  return useStore(liveStore, select);
}

export function useComponent(id: string): Component | undefined {
  return useLive((state) => state.components[id]);
}

export function useEdge(id: string): Edge | undefined {
  return useLive((state) => state.edges[id]);
}

export function useSystem(): System | null {
  return useLive((state) => state.system);
}

/** The faults on one edge or component, soonest to end first. */
export function useFaultsOn(id: string): Fault[] {
  return useStore(
    liveStore,
    useShallow((state) =>
      Object.values(state.faults)
        .filter(({ target }) => ("edge" in target ? target.edge : target.component) === id)
        .sort((a, b) => a.expiresAt - b.expiresAt),
    ),
  );
}
