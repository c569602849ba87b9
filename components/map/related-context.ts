"use client";
import { createContext, useContext } from "react";

/** Ids up- and downstream of the selection; null while nothing is selected. */
export const RelatedContext = createContext<ReadonlySet<string> | null>(null);

/** True for what has nothing to do with the selection. */
export function useDimmed(id: string): boolean {
  const related = useContext(RelatedContext);
  return related !== null && !related.has(id);
}
