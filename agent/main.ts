import { createAgent } from "./create-agent.ts";
import { readEnv } from "./env.ts";

/* The agent's process: `node agent/main.ts`. One line of JSON says where it listens; SIGTERM and SIGINT end it. */

/** Ends it even if something hangs. */
const EXIT_WITHIN_MS = 500;

const agent = createAgent(() => process.exit(0));

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    setTimeout(() => process.exit(0), EXIT_WITHIN_MS).unref();
    agent.close();
  });
}

try {
  const listening = await agent.listen(readEnv(process.env));
  process.stdout.write(`${JSON.stringify({ listening })}\n`);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The agent cannot start: ${reason}. Free that port, or set AGENT_CONTROL and AGENT_INTAKE.\n`);
  process.exit(1);
}
