import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { parseAddress } from "./address.ts";
import { askReset } from "./reset.ts";
import { endAll, later, takeClosedAddress } from "./testing.ts";

afterEach(endAll);

async function start(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  later(() => server.close());
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

test("asks with POST, and answers what was answered", async () => {
  const address = await start((request, response) => {
    const known = request.method === "POST" && request.url === "/reset";
    response.writeHead(known ? 503 : 500).end(known ? "the database is away" : "");
  });
  expect(await askReset(address)).toEqual({ status: 503, body: "the database is away" });
});

test("keeps the beginning of a long answer", async () => {
  const address = await start((_request, response) => void response.end("x".repeat(1_000_000)));
  const { status, body } = await askReset(address);
  expect([status, body.length]).toEqual([200, 2_000]);
});

test("says so where nobody listens", async () => {
  const address = parseAddress(await takeClosedAddress());
  await expect(askReset(address)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("ECONNREFUSED"),
  });
});
