import { appendFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLedger } from "./ledger.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bank-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const entry = (id: number) => ({ id: String(id), key: "order", amountCents: 100, at: "2026-01-01T00:00:00Z" });

test("a killed bank still knows what it authorized, but for a line cut short", () => {
  const ledger = openLedger(folder);
  ledger.add(entry(1));
  ledger.add(entry(2));
  appendFileSync(join(folder, "ledger.jsonl"), '{"id":"3","ke');
  expect(openLedger(folder).newest(10)).toEqual([entry(1), entry(2)]);
});

test("what is written after a line cut short is not lost with it", () => {
  openLedger(folder).add(entry(1));
  appendFileSync(join(folder, "ledger.jsonl"), '{"id":"2","ke');
  openLedger(folder).add(entry(3));
  expect(openLedger(folder).newest(10)).toEqual([entry(1), entry(3)]);
});

test("keeps the newest 10,000 in memory and two files of 20,000 lines", () => {
  const ledger = openLedger(folder);
  for (let id = 0; id < 20_001; id++) ledger.add(entry(id));
  expect([ledger.newest(20_000).length, ledger.newest(1)]).toEqual([10_000, [entry(20_000)]]);
  expect(existsSync(join(folder, "ledger.previous.jsonl"))).toBe(true);
  expect(openLedger(folder).newest(20_000)).toEqual([entry(20_000)]);
});
