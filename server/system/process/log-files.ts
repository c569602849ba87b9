import { closeSync, fstatSync, openSync, readSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { LogLine } from "#contract/logs.ts";

/*
 * A component's output goes to files, not pipes: a killed dashboard breaks nothing, and the next one can read them.
 *   component ── append ──▶ logs/<component>.out, .err ──▶ lines()
 * Each file is emptied when it has grown over its bound. When a line was written is what the line says itself (JSON with
 * `time`), else when the file was last seen shorter than that, about a second exact.
 */
const MOST_BYTES = 2 * 1024 * 1024;
/** How far back lines() reads. */
const TAIL_BYTES = 256 * 1024;
/** How many sizes are remembered for dating lines; one a second. */
const MOST_MARKS = 600;

type OutputFile = { path: string; stream: LogLine["stream"]; marks: { size: number; at: number }[] };
export type LogFiles = {
  /** File descriptors for a child's stdout and stderr; the caller closes them after the spawn. */
  open(): { stdout: number; stderr: number };
  /** Notes how far each file has come, and empties it where it is over its bound. Called about once a second. */
  mark(): void;
  lines(count: number): LogLine[];
};

export function createLogFiles(folder: string, name: string): LogFiles {
  const files: OutputFile[] = [
    { path: join(folder, `${name}.out`), stream: "stdout", marks: [] },
    { path: join(folder, `${name}.err`), stream: "stderr", marks: [] },
  ];
  const mark = () => {
    for (const file of files) markFile(file);
  };
  return {
    open: () => ({ stdout: openSync(files[0]?.path ?? "", "a"), stderr: openSync(files[1]?.path ?? "", "a") }),
    mark,
    lines(count) {
      mark();
      const lines = files.flatMap((file) => readTail(file));
      return lines.sort((a, b) => a.at - b.at).slice(Math.max(0, lines.length - count));
    },
  };
}

function markFile({ path, marks }: OutputFile): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MOST_BYTES) {
    // The writer appends, so it goes on at the new end.
    truncateSync(path, 0);
    marks.length = 0;
    return;
  }
  if ((marks.at(-1)?.size ?? 0) > size) marks.length = 0;
  if (marks.at(-1)?.size !== size) marks.push({ size, at: Date.now() });
  if (marks.length > MOST_MARKS) marks.shift();
}

function readTail({ path, stream, marks }: OutputFile): LogLine[] {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch {
    // It has written nothing yet.
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    const from = Math.max(0, size - TAIL_BYTES);
    const tail = Buffer.alloc(size - from);
    readSync(descriptor, tail, 0, tail.length, from);
    const lines: LogLine[] = [];
    let start = from === 0 ? 0 : tail.indexOf(10) + 1;
    while (start < tail.length) {
      const newline = tail.indexOf(10, start);
      const end = newline < 0 ? tail.length : newline;
      const text = tail.toString("utf8", start, end).replace(/\r$/, "");
      if (text) lines.push({ at: toOwnTime(text) ?? toTime(marks, from + end), stream, text });
      start = end + 1;
    }
    return lines;
  } finally {
    closeSync(descriptor);
  }
}

/** `{"time":1700000000000,…}` or an ISO time, as most loggers write it; null where a line tells no time. */
function toOwnTime(text: string): number | null {
  const epochMs = /"time":\s*(\d{13})\b/.exec(text)?.[1];
  if (epochMs) return Number(epochMs);
  const iso = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))/.exec(text)?.[1];
  return iso ? Date.parse(iso) || null : null;
}

function toTime(marks: OutputFile["marks"], offset: number): number {
  return marks.find(({ size }) => size >= offset)?.at ?? Date.now();
}
