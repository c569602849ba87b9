import { appendFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LedgerEntry, openLedger } from "./ledger.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bank-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = (id: number, key: string | null = null): LedgerEntry => ({
  kind: "authorized",
  authorizationId: String(id),
  reference: "order",
  amountCents: 100,
  key,
  at: id,
});
const all = () => openLedger(folder).since(0, 100_000);

test("a killed bank still knows what it authorized, but for a line cut short", () => {
  const ledger = openLedger(folder);
  ledger.add(entry(1, "k"));
  ledger.add(entry(2));
  appendFileSync(join(folder, "ledger.jsonl"), '{"kind":"authorized","ke');
  const again = openLedger(folder);
  expect(again.since(0, 10)).toEqual([entry(1, "k"), entry(2)]);
  expect([again.find("authorized", "2"), again.findByKey("authorized", "k")]).toEqual([entry(2), entry(1, "k")]);
});

test("what is written after a line cut short is not lost with it", () => {
  openLedger(folder).add(entry(1));
  appendFileSync(join(folder, "ledger.jsonl"), '{"kind":"authorized","ke');
  openLedger(folder).add(entry(3));
  expect(all()).toEqual([entry(1), entry(3)]);
});

test("a key counts for one kind of entry", () => {
  const ledger = openLedger(folder);
  ledger.add(entry(1, "k"));
  expect(ledger.findByKey("captured", "k")).toBe(undefined);
});

test("keeps the newest 10,000 in memory and two files of 20,000 lines", () => {
  const ledger = openLedger(folder);
  for (let id = 0; id < 20_001; id++) ledger.add(entry(id, `k${id}`));
  expect(ledger.since(0, 20_000)).toHaveLength(10_000);
  expect([ledger.find("authorized", "10000"), ledger.findByKey("authorized", "k10000")]).toEqual([
    undefined,
    undefined,
  ]);
  expect(ledger.find("authorized", "10001")).toEqual(entry(10_001, "k10001"));
  expect(existsSync(join(folder, "ledger.previous.jsonl"))).toBe(true);
  expect(all()[0]).toEqual(entry(10_001, "k10001"));
  expect(all().at(-1)).toEqual(entry(20_000, "k20000"));
});

test("cleared, it is empty also for who opens it again", () => {
  const ledger = openLedger(folder);
  ledger.add(entry(1, "k"));
  ledger.clear();
  expect([ledger.since(0, 10), ledger.findByKey("authorized", "k"), all()]).toEqual([[], undefined, []]);
  ledger.add(entry(2));
  expect(all()).toEqual([entry(2)]);
});
