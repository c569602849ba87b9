import { answers, type Books, KEPT_MS, type Service, take } from "./books.ts";

/** How long one service may take to answer. */
const PATIENCE_MS = 1_000;
/** Rows that were committed late, by a transaction begun before the last reading, are read again. */
const OVERLAP_MS = 6_000;
/**
 * How far back the first reading goes: what became of an order is in the other books up to that much before its own last
 * change. Without a limit an auditor that begins anew would ask after charges that the bank has forgotten by then.
 */
const FIRST_MS = { order: KEPT_MS, other: 2 * KEPT_MS } as const;
/** A service answers with so many rows of a kind at most, oldest first; then there are more. */
const PAGE_ROWS = 5_000;

/**
 * Asks every service for what has changed since it was last asked. Answers who did not answer. By fetch, which is not
 * instrumented: the auditor leaves no spans.
 */
export function createReader(addresses: Record<Service, string>) {
  const since = new Map<Service, number>();

  async function read<S extends Service>(service: S, books: Books): Promise<void> {
    const first = Date.now() - FIRST_MS[service === "ordering" ? "order" : "other"];
    const url = `${addresses[service]}/audit?since=${Math.max(0, since.get(service) ?? first)}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(`${service} answered ${answer.status}`);
    const body = answers[service].parse(await answer.json());
    take[service](books, body as never);
    since.set(service, Math.min(body.now, ...lastOfFullPages(body)) - OVERLAP_MS);
  }

  return {
    async readAll(books: Books): Promise<Set<Service>> {
      const services = Object.keys(answers) as Service[];
      const outcomes = await Promise.allSettled(services.map((service) => read(service, books)));
      return new Set(services.filter((_, index) => outcomes[index]?.status === "rejected"));
    },
    reset: () => since.clear(),
  };
}

/** When the newest row of each full page changed: the next reading begins there. */
function lastOfFullPages(answer: object): number[] {
  return Object.values(answer)
    .filter((rows): rows is { changedAt?: number; at?: number }[] => Array.isArray(rows) && rows.length >= PAGE_ROWS)
    .map((rows) => rows.at(-1)?.changedAt ?? rows.at(-1)?.at ?? 0);
}
