import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createStockStore, INITIAL_STOCK, migration } from "../inventory/store.ts";
import { type Database, openDatabase } from "./database.ts";
import { createStandIn, type StandIn } from "./testing/start-stand-in.ts";

let postgres: StandIn;
let database: Database;
const ready = () => vi.waitFor(() => expect(database.waitingFor()).toBe(null), { timeout: 15_000 });

beforeAll(async () => {
  const env = { POSTGRES_USER: "inventory", POSTGRES_PASSWORD: "inventory", POSTGRES_DB: "inventory" };
  postgres = await createStandIn("postgres", env);
  const url = `postgres://inventory:inventory@127.0.0.1:${postgres.port}/inventory`;
  database = openDatabase({ url, peer: "inventory-db", migration });
});
afterAll(async () => {
  await database.close();
  await postgres.remove();
});

test("refuses at once while the database is down, and migrates when it comes", async () => {
  expect(database.waitingFor()).toBe("inventory-db");
  await expect(database.query("SELECT 1")).rejects.toMatchObject({ status: 503 });
  postgres.start();
  await ready();
  expect(await createStockStore(database).available(["milk"])).toEqual([{ sku: "milk", available: INITIAL_STOCK }]);
});

test("stock is promised to an order once, and never below zero", async () => {
  const stock = createStockStore(database);
  const [first, second] = [randomUUID(), randomUUID()];
  expect(await stock.reserve(first, "tea", INITIAL_STOCK - 1)).toBe(true);
  expect(await stock.reserve(first, "tea", INITIAL_STOCK - 1)).toBe(true);
  expect(await stock.reserve(second, "tea", 2)).toBe(false);
  expect(await stock.available(["tea"])).toEqual([{ sku: "tea", available: 1 }]);
  expect(await stock.reserve(second, "no such thing", 1)).toBe(false);
  expect(await stock.available([])).toHaveLength(12);
});

test("lives through the death of its database, without losing what was acknowledged", async () => {
  const stock = createStockStore(database);
  expect(await stock.reserve(randomUUID(), "jam", 5)).toBe(true);
  await postgres.kill();
  await expect(stock.available([])).rejects.toThrow("inventory-db: ");
  postgres.start();
  await vi.waitFor(
    async () => expect(await stock.available(["jam"])).toEqual([{ sku: "jam", available: INITIAL_STOCK - 5 }]),
    {
      timeout: 15_000,
      interval: 100,
    },
  );
});

test("makes its tables again when the database came back empty", async () => {
  await database.query("DROP TABLE stock, reservations");
  await expect(createStockStore(database).available([])).rejects.toThrow("does not exist");
  await ready();
  expect(await createStockStore(database).available(["milk"])).toHaveLength(1);
});
