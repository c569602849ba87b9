import http from "node:http";
import { backoffMs } from "../backoff.ts";

/** A line longer than this is nonsense, and the connection with it. */
const MAX_LINE_CHARS = 1_000_000;

/**
 * Reads lines from an HTTP answer that never ends, and connects again, with growing pauses, whenever it does.
 * Blank lines are keep-alives. The connection does not keep the process alive. `onEnd` is called each time it breaks.
 */
export function streamLines(url: string, onLine: (line: string) => void, onEnd = () => {}): { close(): void } {
  let closed = false;
  let attempt = 0;
  let retry: NodeJS.Timeout | undefined;
  let current: http.ClientRequest | undefined;

  function connect() {
    let rest = "";
    let ended = false;
    const end = () => {
      if (ended || closed) return;
      ended = true;
      request.destroy();
      onEnd();
      retry = setTimeout(connect, backoffMs(attempt++));
      retry.unref();
    };
    const request = http.get(url, { agent: false }, (answer) => {
      if (answer.statusCode !== 200) return end();
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        if (rest.length > MAX_LINE_CHARS) return end();
        for (const line of lines) {
          if (line.trim() === "") continue;
          attempt = 0;
          onLine(line);
        }
      });
      answer.on("error", end);
      answer.on("close", end);
    });
    current = request;
    request.on("socket", (socket) => {
      socket.setKeepAlive(true, 5_000);
      socket.unref();
    });
    request.on("error", end);
    request.on("close", end);
  }

  connect();
  return {
    close() {
      closed = true;
      clearTimeout(retry);
      current?.destroy();
    },
  };
}
