import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Database, DatabaseDownError, openDatabase } from "./database.ts";
import { createStandIn, type StandIn } from "./testing/start-stand-in.ts";

let postgres: StandIn;
let database: Database;
let url: string;
const folder = mkdtempSync(join(tmpdir(), "database-test-"));
const migrations = pathToFileURL(`${folder}/`);
const opened: Database[] = [];
const ready = (which = database) => vi.waitFor(() => expect(which.waitingFor()).toBe(null), { timeout: 15_000 });
const names = async (which = database) =>
  (await which.query<{ name: string }>("SELECT name FROM things ORDER BY name")).map(({ name }) => name);
const add = (name: string) => database.query("INSERT INTO things VALUES ($1)", [name]);
const open = (more: Partial<Parameters<typeof openDatabase>[0]> = {}) => {
  const next = openDatabase({ url, peer: "inventory-db", migrations, ...more });
  opened.push(next);
  return next;
};

beforeAll(async () => {
  writeFileSync(join(folder, "001.do.things.sql"), "CREATE TABLE things (name text PRIMARY KEY);");
  writeFileSync(join(folder, "002.do.seed.sql"), "INSERT INTO things VALUES ('milk');");
  const env = { POSTGRES_USER: "inventory", POSTGRES_PASSWORD: "inventory", POSTGRES_DB: "inventory" };
  postgres = await createStandIn("postgres", env);
  url = `postgres://inventory:inventory@127.0.0.1:${postgres.port}/inventory`;
  database = open();
});
afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()));
  await postgres.remove();
  rmSync(folder, { recursive: true });
});

test("refuses at once while the database is down, and migrates when it comes", async () => {
  expect(database.waitingFor()).toBe("inventory-db");
  await expect(database.query("SELECT 1")).rejects.toMatchObject({ name: "DatabaseDownError", status: 503 });
  postgres.start();
  await ready();
  expect(await names()).toEqual(["milk"]);
});

test("a folder is run once, also by those who come later and at the same time", async () => {
  const [second, third] = [open(), open()];
  await Promise.all([ready(second), ready(third)]);
  expect(await names(second)).toEqual(["milk"]);
});

test("what is migrated besides is awaited too", async () => {
  const more = mkdtempSync(join(folder, "more-"));
  writeFileSync(join(more, "001.do.more.sql"), "CREATE TABLE more (n int);");
  const second = open();
  await ready(second);
  second.alsoMigrate({ folder: pathToFileURL(more), versionTable: "more_version" });
  expect(second.waitingFor()).toBe("inventory-db");
  await ready(second);
  expect(await second.query("SELECT n FROM more")).toEqual([]);
});

test("each schema has tables of its own", async () => {
  const [catalog, ordering] = [open({ schema: "catalog" }), open({ schema: "ordering" })];
  await Promise.all([ready(catalog), ready(ordering)]);
  await catalog.query("INSERT INTO things VALUES ('tea')");
  expect([await names(catalog), await names(ordering), await names()]).toEqual([["milk", "tea"], ["milk"], ["milk"]]);
});

test("a transaction is all or nothing, and its error is the work's own", async () => {
  const work = database.transaction(async (tx) => {
    await tx.query("INSERT INTO things VALUES ('lost')");
    throw new RangeError("changed my mind");
  });
  await expect(work).rejects.toThrow(new RangeError("changed my mind"));
  const sum = await database.transaction(async (tx) => {
    await tx.query("INSERT INTO things VALUES ('kept')");
    return 1 + 1;
  });
  expect([sum, await names()]).toEqual([2, ["kept", "milk"]]);
});

test("a query that fails is no reason to give the database up, and a transaction that goes on regardless is refused", async () => {
  const twice = add("milk");
  await expect(twice).rejects.toThrow("inventory-db: duplicate key");
  await expect(twice).rejects.not.toBeInstanceOf(DatabaseDownError);
  const regardless = database.transaction(async (tx) => {
    await tx.query("INSERT INTO things VALUES ('gone')");
    await tx.query("INSERT INTO things VALUES ('milk')").catch(() => {});
  });
  await expect(regardless).rejects.toThrow("rolled back");
  expect(await names()).not.toContain("gone");
});

test("lives through the death of its database, also in a transaction, without losing what was committed", async () => {
  await add("jam");
  const torn = database.transaction(async (tx) => {
    await tx.query("INSERT INTO things VALUES ('torn')");
    await postgres.kill();
    await tx.query("SELECT 1");
  });
  await expect(torn).rejects.toBeInstanceOf(DatabaseDownError);
  await expect(database.query("SELECT 1")).rejects.toBeInstanceOf(DatabaseDownError);
  postgres.start();
  const afterwards = async () => expect(await names()).toEqual(["jam", "kept", "milk"]);
  await vi.waitFor(afterwards, { timeout: 15_000, interval: 100 });
});

test("makes its tables again when the database came back empty", async () => {
  await database.query("DROP SCHEMA public CASCADE");
  await expect(names()).rejects.toBeInstanceOf(DatabaseDownError);
  await ready();
  expect(await names()).toEqual(["milk"]);
});
