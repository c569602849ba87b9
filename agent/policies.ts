import type { ServerResponse } from "node:http";
import type { FlagFault } from "#contract/faults.ts";
import type { PolicyDocument } from "#contract/policies.ts";

/*
 * The policy documents, and the components that follow theirs. They outlive the dashboard that set them.
 *
 *   documents, from the dashboard ─┐
 *   fault flags, while they hold ──┴▶ one line a component ──▶ its followers
 */
export type Policies = {
  /** The full set. Each follower whose line has changed gets it at once. */
  set(documents: Record<string, PolicyDocument>): void;
  /** The flags that hold now, by component; told in the same way. */
  setFlags(flags: ReadonlyMap<string, FlagFault[]>): void;
  /** Answers with the document, if there is one, and then each new one, a line each. */
  follow(component: string, response: ServerResponse): void;
  close(): void;
};

/** A blank line this often shows both ends that the other is there. */
const KEEP_ALIVE_MS = 15_000;
/** A follower that leaves this much unread is closed; it comes back and gets the newest. */
const UNREAD_BYTES = 1024 * 1024;

export function createPolicies(): Policies {
  let documents = new Map<string, PolicyDocument>();
  let flags: ReadonlyMap<string, FlagFault[]> = new Map();
  let lines = new Map<string, string>();
  const followers = new Map<ServerResponse, string>();

  function send(response: ServerResponse, line: string): void {
    response.write(`${line}\n`);
    if (response.writableLength > UNREAD_BYTES) response.destroy();
  }
  const keepAlive = setInterval(() => {
    for (const response of followers.keys()) send(response, "");
  }, KEEP_ALIVE_MS);

  function tell(): void {
    // A component without policies of its own is told of its flags too, and of their end.
    for (const component of flags.keys()) if (!documents.has(component)) documents.set(component, noPolicies);
    const before = lines;
    lines = new Map([...documents].map(([component, document]) => [component, toLine(document, flags.get(component))]));
    for (const [response, component] of followers) {
      const line = lines.get(component);
      if (line !== undefined && line !== before.get(component)) send(response, line);
    }
  }

  return {
    set(next) {
      documents = new Map(Object.entries(next));
      tell();
    },
    setFlags(next) {
      flags = next;
      tell();
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

const noPolicies: PolicyDocument = { version: 0, edges: {}, component: {} };

function toLine(document: PolicyDocument, faults: FlagFault[] = []): string {
  return JSON.stringify(faults.length > 0 ? { ...document, faults } : document);
}
