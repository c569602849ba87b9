import type { LogLine } from "#contract/logs.ts";

/*
 * The engine's log answer, with timestamps: frames of [u8 stream][3 × 0][u32 big-endian length][text], where stream is 1
 * for stdout and 2 for stderr; bare text where the container has a terminal. A long line may be cut over several frames.
 */
const HEADER_BYTES = 8;
/** A longer line is cut; nobody reads it on a map. */
const LONGEST_LINE = 8 * 1024;

/** Lines in the order of their time. */
export function toLogLines(answer: Buffer, hasTerminal: boolean): LogLine[] {
  if (hasTerminal) return toLines(answer.toString("utf8"), "stdout");
  const texts = { stdout: "", stderr: "" };
  for (let at = 0; at + HEADER_BYTES <= answer.length; ) {
    const length = answer.readUInt32BE(at + 4);
    const stream = answer[at] === 2 ? "stderr" : "stdout";
    texts[stream] += answer.toString("utf8", at + HEADER_BYTES, at + HEADER_BYTES + length);
    at += HEADER_BYTES + length;
  }
  const lines = [...toLines(texts.stdout, "stdout"), ...toLines(texts.stderr, "stderr")];
  return lines.sort((a, b) => a.at - b.at);
}

function toLines(text: string, stream: LogLine["stream"]): LogLine[] {
  return text.split("\n").flatMap((line) => {
    const [, time = "", rest = ""] = /^(\S+) ?(.*)$/s.exec(line.replace(/\r$/, "")) ?? [];
    const at = Date.parse(time);
    return Number.isNaN(at) ? [] : [{ at, stream, text: rest.slice(0, LONGEST_LINE) }];
  });
}
