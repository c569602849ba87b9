import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import next from "next";
import { PHASE_PRODUCTION_SERVER } from "next/constants.js";
import { sendText } from "./answer.ts";
import { startingPage } from "./starting-page.ts";

/** The UI: answers every path that is not ours. */
export type Ui = {
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
  close(): Promise<void>;
};

export type NextUiParts = {
  httpServer: Server;
  /** Where app/ and .next/ are. */
  folder: string;
  /** Compiles on demand and reloads. */
  dev: boolean;
  /** Told in one sentence why there will be no UI; all else works without it. */
  onBroken(sentence: string): void;
};

/** Next inside our server. It prepares in the background; until then every page is a tiny one that asks again. */
export function createNextUi({ httpServer, folder, dev, onBroken }: NextUiParts): Ui {
  process.env.NEXT_TELEMETRY_DISABLED = "1";
  const app = next({ dev, httpServer, dir: folder });
  let handler: ReturnType<typeof app.getRequestHandler> | null = null;
  let broken: string | null = null;
  const prepared = readConfigQuietly(folder, dev)
    .then(() => app.prepare())
    .then(
      () => {
        handler = app.getRequestHandler();
      },
      (error) => {
        const [first] = String(error instanceof Error ? error.message : error).split("\n");
        broken = `The user interface cannot start: ${first} (build it with: npm run build)`;
        onBroken(broken);
      },
    );
  return {
    async handle(request, response) {
      if (handler) return await handler(request, response);
      if (broken !== null) return sendText(response, 500, "text/plain; charset=utf-8", `${broken}\n`);
      sendText(response, 503, "text/html; charset=utf-8", startingPage);
    },
    async close() {
      await prepared;
      await app.close();
    },
  };
}

/** Read ahead, since Next keeps it: read by prepare() it would announce, in the midst of our progress, how long that took. */
async function readConfigQuietly(folder: string, dev: boolean): Promise<void> {
  if (dev) return;
  const required = createRequire(import.meta.url)(
    "next/dist/server/config",
  ) as typeof import("next/dist/server/config");
  await required.default(PHASE_PRODUCTION_SERVER, folder, { silent: true });
}
