"use client";
import { useMemo } from "react";
import { useLive } from "../live/use-live.ts";
import { toServiceColour } from "./to-service-colour.ts";

/** The colours of this system's services; databases and brokers send no spans of their own and need none. */
export function useServiceColour(): (service: string) => string {
  const components = useLive((state) => state.shape.components);
  return useMemo(() => {
    const known = components.filter(({ kind }) => kind !== "database" && kind !== "cache").map(({ id }) => id);
    return (service) => toServiceColour(service, known);
  }, [components]);
}
