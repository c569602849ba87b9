import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/*
 * What was authorized, in order, in memory and in a file, so that a killed bank still knows it.
 *
 *   add ─▶ ledger.jsonl, a line each ─ after LINES_PER_FILE ─▶ ledger.previous.jsonl (one is kept)
 *     └──▶ the newest KEPT_ENTRIES in memory
 */
const LINES_PER_FILE = 20_000;
const KEPT_ENTRIES = 10_000;

const entrySchema = z.object({ id: z.string(), key: z.string(), amountCents: z.number(), at: z.string() });
export type LedgerEntry = z.infer<typeof entrySchema>;
export type Ledger = {
  /** Written when it returns: a bank that answered has it on file. */
  add(entry: LedgerEntry): void;
  /** The newest ones, oldest first. */
  newest(count: number): LedgerEntry[];
};

export function openLedger(folder: string): Ledger {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "ledger.jsonl");
  const text = readText(file);
  const entries = toEntries(text);
  // The first new line must not continue one that a kill cut short.
  if (text !== "" && !text.endsWith("\n")) appendFileSync(file, "\n");
  let lines = entries.length;
  entries.splice(0, entries.length - KEPT_ENTRIES);

  return {
    add(entry) {
      if (lines >= LINES_PER_FILE) {
        renameSync(file, join(folder, "ledger.previous.jsonl"));
        lines = 0;
      }
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
      lines += 1;
      entries.push(entry);
      if (entries.length > KEPT_ENTRIES) entries.shift();
    },
    newest: (count) => entries.slice(-count),
  };
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
