import type { Books, Service } from "../books.ts";

/** What violates a rule: an order or a SKU or a service, and what is wrong with it in a few words. */
export type Violation = { id: string; what: string; traceId?: string | null | undefined };

/** One rule. A violation is allowed to last `toleranceMs`, counted from when it was first seen. */
export type Invariant = {
  name: string;
  title: string;
  toleranceMs: number;
  /** Whose books it compares. */
  reads: Service[];
  find(books: Books, nowMs: number): Violation[];
};
