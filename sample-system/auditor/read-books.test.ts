import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createBooks, KEPT_MS, type Service } from "./books.ts";
import { createReader } from "./read-books.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Every service in one: notes since when each was asked, and answers with empty books of `now`. */
async function startServices(now: () => number) {
  const asked: { service: string; since: number }[] = [];
  const messaging = { outbox: 0, oldestOutboxMs: 0, queued: 0, dead: 0, explained: 0 };
  const rows = ["orders", "prices", "stock", "reservations", "payments", "shipments", "mails", "products", "entries"];
  const server = createServer((request, response) => {
    const url = new URL(`http://x${request.url}`);
    asked.push({ service: url.pathname.split("/")[1] ?? "", since: Number(url.searchParams.get("since")) });
    response.end(JSON.stringify({ now: now(), messaging, ...Object.fromEntries(rows.map((name) => [name, []])) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const services: Service[] = ["ordering", "inventory", "payments", "shipping", "notifications", "catalog", "bank"];
  const addresses = Object.fromEntries(services.map((id) => [id, `http://127.0.0.1:${port}/${id}`]));
  return { asked, addresses: addresses as Record<Service, string> };
}

test("an auditor that begins anew does not ask for orders older than what the other books still tell", async () => {
  const begun = Date.now();
  const { asked, addresses } = await startServices(Date.now);
  const silent = await createReader(addresses).readAll(createBooks());
  expect([...silent]).toEqual([]);
  const since = Object.fromEntries(asked.map((one) => [one.service, one.since]));
  expect(since.ordering).toBeGreaterThanOrEqual(begun - KEPT_MS);
  for (const service of ["inventory", "payments", "shipping", "notifications", "bank"]) {
    expect(since[service]).toBeLessThan((since.ordering ?? 0) - KEPT_MS / 2);
  }
});

test("from then on each is asked since a little before its own last answer", async () => {
  const theirs = 1_000_000_000_000;
  const { asked, addresses } = await startServices(() => theirs);
  const reader = createReader(addresses);
  await reader.readAll(createBooks());
  asked.length = 0;
  await reader.readAll(createBooks());
  expect(new Set(asked.map(({ since }) => since))).toEqual(new Set([theirs - 6_000]));
});
