/** What happened, one line each, to stdout. At most LINES_PER_SECOND; how many were left out is told afterwards. */
const LINES_PER_SECOND = 50;

let second = 0;
let lines = 0;

// A reader that has gone (EPIPE) must not take the service with it.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

export function log(text: string) {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    if (lines > LINES_PER_SECOND) write(`${lines - LINES_PER_SECOND} more lines left out`);
    second = now;
    lines = 0;
  }
  lines += 1;
  if (lines <= LINES_PER_SECOND) write(text);
}

function write(text: string) {
  process.stdout.write(`${new Date().toISOString()} ${text}\n`);
}

/** An error in one line: the message, or the code where Node leaves the message empty (refused connections). */
export function toReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return error.message || code || error.name;
}
