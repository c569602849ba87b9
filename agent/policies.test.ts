import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { FlagFault } from "#contract/faults.ts";
import type { PolicyDocument } from "#contract/policies.ts";
import { createPolicies } from "./policies.ts";
import { endAll, later, until } from "./testing.ts";

afterEach(() => {
  endAll();
  vi.useRealTimers();
});

const toDocument = (version: number): PolicyDocument => ({ version, edges: {}, component: {} });

async function start() {
  const policies = createPolicies();
  let followers = 0;
  const server = createServer((request, response) => {
    policies.follow(request.url?.slice(1) ?? "", response);
    followers++;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  later(() => {
    policies.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const follow = async (component: string) => {
    const lines: string[] = [];
    const count = followers;
    get({ port, host: "127.0.0.1", path: `/${component}`, agent: false }, (response) => {
      const reader = createInterface({ input: response });
      reader.on("line", (line) => lines.push(line));
      // Both say so when the test ends the connection.
      for (const emitter of [reader, response]) emitter.on("error", () => {});
    }).on("error", () => {});
    await until(() => followers > count);
    return lines;
  };
  return { policies, follow };
}

describe("a component that follows its policies", () => {
  test("gets its document at once, and each change of it, but no one else's", async () => {
    const { policies, follow } = await start();
    policies.set({ payments: toDocument(1), gateway: toDocument(1) });
    const lines = await follow("payments");
    await until(() => lines.length === 1);
    policies.set({ payments: toDocument(1), gateway: toDocument(2) });
    policies.set({ payments: toDocument(3), gateway: toDocument(2) });
    await until(() => lines.length === 2);
    expect(lines.map((line) => JSON.parse(line))).toEqual([toDocument(1), toDocument(3)]);
  });

  test("is told of a fault flag while it holds, beside its policies", async () => {
    const { policies, follow } = await start();
    policies.set({ payments: toDocument(1) });
    const lines = await follow("payments");
    const flag: FlagFault = { id: "f1", type: "consumer_paused", attributes: {}, rate: 1 };
    policies.setFlags(new Map([["payments", [flag]]]));
    policies.set({ payments: toDocument(2) });
    policies.setFlags(new Map());
    await until(() => lines.length === 4);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      toDocument(1),
      { ...toDocument(1), faults: [flag] },
      { ...toDocument(2), faults: [flag] },
      toDocument(2),
    ]);
  });

  test("without policies of its own is told of a flag, and of its end", async () => {
    const { policies, follow } = await start();
    const flag: FlagFault = { id: "f1", type: "poison_message", attributes: {}, rate: 1 };
    policies.setFlags(new Map([["payments", [flag]]]));
    const lines = await follow("payments");
    policies.setFlags(new Map());
    await until(() => lines.length === 2);
    expect(lines.map((line) => JSON.parse(line).faults)).toEqual([[flag], undefined]);
  });

  test("that comes before the first document gets it when it is there", async () => {
    const { policies, follow } = await start();
    const lines = await follow("payments");
    policies.set({ payments: toDocument(1) });
    await until(() => lines.length === 1);
    expect(JSON.parse(lines[0] ?? "")).toEqual(toDocument(1));
  });

  test("gets a blank line every 15 s", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { follow } = await start();
    const lines = await follow("payments");
    vi.advanceTimersByTime(15_000);
    await until(() => lines.length === 1);
    expect(lines).toEqual([""]);
  });
});
