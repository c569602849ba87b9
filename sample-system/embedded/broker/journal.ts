import {
  appendFile,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { decodeRecords, encodeRecord, type JournalRecord } from "./journal-record.ts";

/** More than this waiting for the disk holds publishers back. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** The file may grow by this much, and to three times its last compacted size, before it is compacted. */
const COMPACT_AFTER_BYTES = 8 * 1024 * 1024;

export type Journal = {
  append(record: JournalRecord): void;
  /** Calls back once everything appended so far is written; at once when it is. */
  afterWrite(done: () => void): void;
  /** True when publishers must wait for afterWrite. */
  isFull(): boolean;
  close(): Promise<void>;
};

/** The records of the last run. Cuts off what a kill left half-written. */
export function restoreJournal(folder: string): { records: JournalRecord[]; bytes: number } {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "journal");
  rmSync(`${file}.new`, { force: true });
  const records: JournalRecord[] = [];
  let bytes = 0;
  if (existsSync(file)) {
    for (const { record, end } of decodeRecords(readFileSync(file))) {
      records.push(record);
      bytes = end;
    }
    const handle = openSync(file, "r+");
    ftruncateSync(handle, bytes);
    closeSync(handle);
  }
  return { records, bytes };
}

/**
 * Group commit:   append ─▶ batch ═(one write at a time)═▶ file ─▶ everybody who waits for that batch
 * Written means given to the kernel, which survives a kill of this process, as Postgres does here with fsync off.
 * When the file has grown, the next batch is replaced by `snapshot`, which holds all of its effects, in a new file.
 */
export function openJournal(
  folder: string,
  bytes: number,
  snapshot: () => JournalRecord[],
  failed: (error: Error) => void,
): Journal {
  const file = join(folder, "journal");
  let handle = openSync(file, "a");
  let fileBytes = bytes;
  let compactedBytes = bytes / 3;
  let batch: Buffer[] = [];
  let waitingBytes = 0;
  let waiters: (() => void)[] = [];
  let writing: Promise<void> | undefined;

  async function writeBatch(): Promise<void> {
    // To the end of this turn of the event loop: whatever came in one read from the sockets is one write.
    await new Promise((resolve) => setImmediate(resolve));
    while (batch.length > 0 || waiters.length > 0) {
      const written = batch;
      const told = waiters;
      batch = [];
      waiters = [];
      if (fileBytes > COMPACT_AFTER_BYTES && fileBytes > 3 * compactedBytes) await compact();
      else fileBytes += await write(handle, written);
      waitingBytes = batch.reduce((sum, part) => sum + part.length, 0);
      for (const tell of told) tell();
    }
  }

  async function compact(): Promise<void> {
    // The state of this very moment: what is appended while we write belongs to the next batch.
    const parts = snapshot().flatMap(encodeRecord);
    const next = openSync(`${file}.new`, "w");
    fileBytes = await write(next, parts);
    compactedBytes = fileBytes;
    renameSync(`${file}.new`, file);
    closeSync(handle);
    handle = next;
  }

  function wake(): void {
    writing ??= writeBatch()
      .catch((error: Error) => failed(error))
      .finally(() => {
        writing = undefined;
        if (batch.length > 0 || waiters.length > 0) wake();
      });
  }

  return {
    append(record) {
      for (const part of encodeRecord(record)) {
        batch.push(part);
        waitingBytes += part.length;
      }
      wake();
    },
    afterWrite(done) {
      if (!writing) return done();
      waiters.push(done);
    },
    isFull: () => waitingBytes > MAX_WAITING_BYTES,
    async close() {
      while (writing) await writing;
      closeSync(handle);
    },
  };
}

const append = promisify(appendFile);

/** In pieces of about a megabyte, so that a snapshot is not copied whole. Returns the bytes written. */
async function write(handle: number, parts: Buffer[]): Promise<number> {
  const PIECE_BYTES = 1024 * 1024;
  let total = 0;
  for (let from = 0; from < parts.length; ) {
    let to = from;
    let bytes = 0;
    while (to < parts.length && bytes < PIECE_BYTES) bytes += parts[to++]?.length ?? 0;
    await append(handle, to - from === 1 ? (parts[from] ?? "") : Buffer.concat(parts.slice(from, to)));
    total += bytes;
    from = to;
  }
  return total;
}
