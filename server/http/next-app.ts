import type { IncomingMessage, Server, ServerResponse } from "node:http";
import next from "next";
import { sendText } from "./answer.ts";
import { startingPage } from "./starting-page.ts";

/** The UI: answers every path that is not ours. */
export type Ui = {
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
  close(): Promise<void>;
};

/** Next inside our server. It prepares in the background; until then every page is a tiny one that asks again. */
export function createNextUi(httpServer: Server, folder: string, dev: boolean, onBroken: (error: unknown) => void): Ui {
  process.env.NEXT_TELEMETRY_DISABLED = "1";
  const app = next({ dev, httpServer, dir: folder });
  let handler: ReturnType<typeof app.getRequestHandler> | null = null;
  const prepared = app.prepare().then(
    () => {
      handler = app.getRequestHandler();
    },
    (error) => onBroken(error),
  );
  return {
    async handle(request, response) {
      if (handler) return await handler(request, response);
      sendText(response, 503, "text/html; charset=utf-8", startingPage);
    },
    async close() {
      await prepared;
      await app.close();
    },
  };
}
