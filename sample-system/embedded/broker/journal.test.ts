import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openJournal, restoreJournal } from "./journal.ts";
import type { JournalRecord } from "./journal-record.ts";

let folder: string;
const failed = (error: Error) => {
  throw error;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const message = (id: number, body = Buffer.from(`body ${id}`)): JournalRecord => ({
  type: "message",
  queues: ["q"],
  message: {
    id,
    exchange: "",
    routingKey: "q",
    properties: Buffer.from([0x10, 0, 2]),
    body,
    persistent: true,
    expiresAfterMs: undefined,
    receivedAt: 0,
  },
});

async function write(records: JournalRecord[], snapshot: JournalRecord[] = []): Promise<void> {
  const { bytes } = restoreJournal(folder);
  const journal = openJournal(folder, bytes, () => snapshot, failed);
  for (const record of records) journal.append(record);
  await new Promise<void>((resolve) => journal.afterWrite(resolve));
  await journal.close();
}

test("gives back what was written, over several runs", async () => {
  const records: JournalRecord[] = [message(1), { type: "settled", queue: "q", id: 1 }, message(2, Buffer.alloc(0))];
  await write(records.slice(0, 2));
  await write(records.slice(2));
  expect(restoreJournal(folder).records).toEqual(records);
});

test("a record that a kill cut short is cut off, wherever, and what follows it is readable", async () => {
  await write([message(1), message(2)]);
  const file = join(folder, "journal");
  const whole = statSync(file).size;
  for (let cut = 1; cut < 40; cut += 3) {
    truncateSync(file, whole - cut);
    expect(restoreJournal(folder).records).toEqual([message(1)]);
    await write([message(2)]);
    expect(restoreJournal(folder).records).toEqual([message(1), message(2)]);
  }
  appendFileSync(file, Buffer.from([0, 0, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
  expect(restoreJournal(folder).records).toHaveLength(2);
  expect(statSync(file).size).toBe(whole);
});

test("a file grown large is replaced by the snapshot, and nothing written meanwhile is lost", async () => {
  const { bytes } = restoreJournal(folder);
  const journal = openJournal(folder, bytes, () => [message(100)], failed);
  const written = () => new Promise<void>((resolve) => journal.afterWrite(resolve));
  for (let id = 0; id < 12; id++) {
    journal.append(message(id, Buffer.alloc(1024 * 1024)));
    await written();
  }
  journal.append(message(200));
  await written();
  await journal.close();
  const ids = restoreJournal(folder).records.map((record) => record.type === "message" && record.message.id);
  expect(ids[0]).toBe(100);
  expect(ids.at(-1)).toBe(200);
  expect(ids.length).toBeLessThan(8);
});

test("is full while more waits than it may, and not after", async () => {
  const { bytes } = restoreJournal(folder);
  const journal = openJournal(folder, bytes, () => [], failed);
  for (let id = 0; id < 9; id++) journal.append(message(id, Buffer.alloc(1024 * 1024)));
  expect(journal.isFull()).toBe(true);
  await new Promise<void>((resolve) => journal.afterWrite(resolve));
  expect(journal.isFull()).toBe(false);
  await journal.close();
});
