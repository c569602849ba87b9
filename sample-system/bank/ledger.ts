import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/*
 * What the bank did, in order, in memory and in a file, so that a killed bank still knows it: the witness for every charge.
 *
 *   add ─▶ ledger.jsonl, a line each ─ after LINES_PER_FILE ─▶ ledger.previous.jsonl (one is kept)
 *     └──▶ the newest KEPT_ENTRIES in memory, also by authorization and by key
 */
const LINES_PER_FILE = 20_000;
const KEPT_ENTRIES = 10_000;

const entrySchema = z.object({
  kind: z.enum(["authorized", "captured", "voided"]),
  authorizationId: z.string(),
  /** The customer's name for it: the order. */
  reference: z.string(),
  amountCents: z.number(),
  /** The Idempotency-Key that came with the request. */
  key: z.string().nullable(),
  /** Epoch ms. */
  at: z.number(),
});
export type LedgerEntry = z.infer<typeof entrySchema>;
export type EntryKind = LedgerEntry["kind"];

export type Ledger = {
  /** Written when it returns: a bank that answered has it on file. */
  add(entry: LedgerEntry): void;
  find(kind: EntryKind, authorizationId: string): LedgerEntry | undefined;
  findByKey(kind: EntryKind, key: string): LedgerEntry | undefined;
  /** The first `limit` entries since then (epoch ms), oldest first. */
  since(at: number, limit: number): LedgerEntry[];
  /** An empty ledger, in memory and on file. */
  clear(): void;
};

export function openLedger(folder: string): Ledger {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "ledger.jsonl");
  const previousFile = join(folder, "ledger.previous.jsonl");
  const text = readText(file);
  const entries: LedgerEntry[] = [];
  const byAuthorization = new Map<string, LedgerEntry>();
  const byKey = new Map<string, LedgerEntry>();
  let lines = 0;

  function remember(entry: LedgerEntry) {
    entries.push(entry);
    const [authorization, key] = toNames(entry);
    // The first one stands: it is the answer that whoever asks again gets again.
    if (!byAuthorization.has(authorization)) byAuthorization.set(authorization, entry);
    if (key && !byKey.has(key)) byKey.set(key, entry);
    if (entries.length > KEPT_ENTRIES) forgetOldest();
  }
  function forgetOldest() {
    const oldest = entries.shift();
    if (!oldest) return;
    const [authorization, key] = toNames(oldest);
    if (byAuthorization.get(authorization) === oldest) byAuthorization.delete(authorization);
    if (key && byKey.get(key) === oldest) byKey.delete(key);
  }

  for (const entry of toEntries(readText(previousFile))) remember(entry);
  for (const entry of toEntries(text)) {
    remember(entry);
    lines += 1;
  }
  // The first new line must not continue one that a kill cut short.
  if (text !== "" && !text.endsWith("\n")) appendFileSync(file, "\n");

  return {
    add(entry) {
      if (lines >= LINES_PER_FILE) {
        renameSync(file, previousFile);
        lines = 0;
      }
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
      lines += 1;
      remember(entry);
    },
    find: (kind, authorizationId) => byAuthorization.get(toName(kind, authorizationId)),
    findByKey: (kind, key) => byKey.get(toName(kind, key)),
    since: (at, limit) => entries.filter((entry) => entry.at >= at).slice(0, limit),
    clear() {
      if (existsSync(file)) truncateSync(file);
      rmSync(previousFile, { force: true });
      for (const kept of [byAuthorization, byKey]) kept.clear();
      entries.length = 0;
      lines = 0;
    },
  };
}

/** A key counts for one kind: the same key authorizes once and captures once. */
function toName(kind: EntryKind, id: string): string {
  return `${kind} ${id}`;
}

function toNames({ kind, authorizationId, key }: LedgerEntry): [authorization: string, key: string | null] {
  return [toName(kind, authorizationId), key === null ? null : toName(kind, key)];
}

function readText(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** A line that is no entry is left out. */
function toEntries(text: string): LedgerEntry[] {
  return text.split("\n").flatMap((line) => {
    try {
      return [entrySchema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}
