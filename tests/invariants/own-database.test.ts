// Each service reaches its own database and no other: proved by trying to log in everywhere with what each was really given.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RuntimeKind } from "#contract/state.ts";
import { type Product, startProduct } from "../e2e/product.ts";
import { createInside, type Inside } from "./inside.ts";

const runtime = (process.env.FAULTLINE_RUNTIME ?? "process") as RuntimeKind;
const owners = ["catalog", "inventory", "notifications", "ordering", "payments", "shipping"];
const WRONG_PASSWORD = "28P01";

type Attempt = { at: string; database: string; outcome: string };

const tell = (expression: string) => `console.log(JSON.stringify(${expression}))`;
/** The SQLSTATE that each attempt ends with, "in" where it succeeds, and the system's error code where nobody answers. */
const logIn = `
import pg from "pg";
const own = new URL(process.env.DATABASE_URL);
const outcomes = [];
for (const { at, database } of JSON.parse(process.argv[2])) {
  const url = new URL(own);
  if (at) url.host = at;
  if (database) url.pathname = "/" + database;
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5000 });
  const outcome = await client.connect().then(() => "in", (error) => error.code ?? error.message);
  await client.end().catch(() => {});
  outcomes.push({ at, database, outcome });
}
${tell("outcomes")}`;

let product: Product;
let inside: Inside;
/** Of each owner's database: where its owner finds it, and where it really listens. */
const addresses = new Map<string, string[]>();

beforeAll(async () => {
  product = await startProduct(runtime);
  inside = createInside(product, runtime);
  for (const owner of owners) {
    const given = await inside<string>(owner, tell("new URL(process.env.DATABASE_URL).host"));
    addresses.set(owner, [given, await findListener(`${owner}-db`)]);
  }
});
afterAll(() => product?.stop());

/** In containers every database has its name and the usual port. */
function findListener(database: string): Promise<string> | string {
  if (runtime === "docker") return `${database}:5432`;
  return inside<string>(database, tell("process.env.HOST + ':' + process.env.PORT"));
}

describe.each(owners)("%s", (service) => {
  it("logs in to its own database, by both addresses", async () => {
    const attempts = (addresses.get(service) ?? []).map((at) => ({ at, database: service }));
    const outcomes = await inside<Attempt[]>(service, logIn, attempts);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["in", "in"]);
  });

  it.each(owners.filter((owner) => owner !== service))("is refused at the database of %s", async (owner) => {
    const attempts = (addresses.get(owner) ?? []).flatMap((at) =>
      [owner, service, "postgres"].map((database) => ({ at, database })),
    );
    const outcomes = await inside<Attempt[]>(service, logIn, attempts);
    expect(outcomes).toEqual(attempts.map((attempt) => ({ ...attempt, outcome: WRONG_PASSWORD })));
  });
});

it("who owns no database was given no way to one", async () => {
  for (const service of ["gateway", "bank", "load", "auditor"]) {
    const values = await inside<string[]>(service, tell("Object.values(process.env)"));
    expect(values.filter((value) => value.includes("postgres:"))).toEqual([]);
  }
});
