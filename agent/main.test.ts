import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { connect, endAll, later, startEcho } from "./testing.ts";

afterEach(endAll);

function startAgent(env: Record<string, string>): { child: ChildProcess; output: { out: string; err: string } } {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./main.ts", import.meta.url))], {
    env: { ...process.env, AGENT_CONTROL: "127.0.0.1:0", AGENT_INTAKE: "127.0.0.1:0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  later(() => child.kill("SIGKILL"));
  const output = { out: "", err: "" };
  child.stdout?.on("data", (chunk) => {
    output.out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    output.err += chunk;
  });
  return { child, output };
}

describe("the agent's process", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "says where it listens in one line, and ends soon on %s",
    async (signal) => {
      const { child, output } = startAgent({});
      await once(child.stdout ?? child, "data");
      expect(output.out.trimEnd().split("\n")).toHaveLength(1);
      const { listening } = JSON.parse(output.out) as { listening: { control: string; intake: string } };
      const health = await fetch(`http://${listening.control}/faultline/health`, { headers: { "user-agent": "test" } });
      expect(health.status).toBe(200);
      // An open connection through an edge and an open stream do not keep it.
      const edge = { id: "a->b", listen: "127.0.0.1:0", upstream: await startEcho(), protocol: "tcp" };
      const answer = await fetch(`http://${listening.control}/faultline/edges`, {
        method: "PUT",
        body: JSON.stringify({ edges: [edge] }),
      });
      const { edges } = (await answer.json()) as { edges: { listen: string }[] };
      await connect(edges[0]?.listen ?? "");
      const client = await connect(listening.control);
      client.socket.write("GET /faultline/stream HTTP/1.1\r\nhost: agent\r\n\r\n");
      await client.received(1);
      const askedAt = performance.now();
      child.kill(signal);
      const [code] = await once(child, "exit");
      expect(code).toBe(0);
      expect(performance.now() - askedAt).toBeLessThan(5_000);
      expect(output.err).toBe("");
    },
  );

  test.each([
    ["a taken port", (taken: string) => taken, "EADDRINUSE"],
    ["a bad address", () => "nowhere", "host:port"],
  ])("says in one sentence that it cannot start: %s", async (_name, toAddress, reason) => {
    const { child, output } = startAgent({ AGENT_CONTROL: toAddress(await startEcho()) });
    const [code] = await once(child, "exit");
    expect(code).toBe(1);
    expect(output.err.trimEnd().split("\n")).toHaveLength(1);
    expect(output.err).toContain(reason);
    expect(output.out).toBe("");
  });
});
