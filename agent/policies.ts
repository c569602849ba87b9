import type { ServerResponse } from "node:http";
import type { PolicyDocument } from "#contract/policies.ts";

/** The policy documents, and the components that follow theirs. They outlive the dashboard that set them. */
export type Policies = {
  /** The full set. Each follower whose document has changed gets it at once. */
  set(documents: Record<string, PolicyDocument>): void;
  /** Answers with the document, if there is one, and then each new one, a line each. */
  follow(component: string, response: ServerResponse): void;
  close(): void;
};

/** A blank line this often shows both ends that the other is there. */
const KEEP_ALIVE_MS = 15_000;
/** A follower that leaves this much unread is closed; it comes back and gets the newest. */
const UNREAD_BYTES = 1024 * 1024;

export function createPolicies(): Policies {
  let lines = new Map<string, string>();
  const followers = new Map<ServerResponse, string>();

  function send(response: ServerResponse, line: string): void {
    response.write(`${line}\n`);
    if (response.writableLength > UNREAD_BYTES) response.destroy();
  }
  const keepAlive = setInterval(() => {
    for (const response of followers.keys()) send(response, "");
  }, KEEP_ALIVE_MS);

  return {
    set(documents) {
      const before = lines;
      lines = new Map(Object.entries(documents).map(([component, document]) => [component, JSON.stringify(document)]));
      for (const [response, component] of followers) {
        const line = lines.get(component);
        if (line !== undefined && line !== before.get(component)) send(response, line);
      }
    },
    follow(component, response) {
      response.writeHead(200, { "content-type": "application/x-ndjson", "cache-control": "no-store" });
      response.flushHeaders();
      response.on("error", () => {});
      response.on("close", () => followers.delete(response));
      followers.set(response, component);
      const line = lines.get(component);
      if (line !== undefined) send(response, line);
    },
    close() {
      clearInterval(keepAlive);
      for (const response of followers.keys()) response.destroy();
    },
  };
}
