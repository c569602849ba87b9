import type { WriteStream } from "node:tty";

/**
 * Progress on a terminal: one line that is written over. Elsewhere (a pipe, a log) each change is a line of its own.
 * `say` is for what stays.
 */
export function createProgressPrinter(out: Pick<WriteStream, "write" | "isTTY" | "columns">) {
  let shown = "";
  const erase = () => {
    if (out.isTTY && shown !== "") out.write("\r\u001b[K");
    shown = "";
  };
  return {
    progress(text: string): void {
      if (text === shown) return;
      erase();
      out.write(out.isTTY ? text.slice(0, (out.columns || 80) - 1) : `${text}\n`);
      shown = text;
    },
    say(text: string): void {
      erase();
      out.write(`${text}\n`);
    },
  };
}
