// Which steps of the checkout the kills have hit: where a saga did not simply go on, as its log has it.
import type { Inside } from "./inside.ts";

/** step → what had to be done → how often. */
export type Detours = Record<string, Record<string, number>>;

const script = `
import pg from "pg";
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
const { rows } = await client.query(
  "SELECT step, (regexp_match(what, '(unknown|sent again|found done|given up|compensated)'))[1] AS detour, count(*)::int FROM saga_log " +
  "WHERE at >= to_timestamp($1::float8 / 1000) GROUP BY 1, 2 ORDER BY 1", [JSON.parse(process.argv[2])]);
await client.end();
console.log(JSON.stringify(rows));`;

export async function countDetours(inside: Inside, since: number): Promise<Detours> {
  const rows = await inside<{ step: string; detour: string | null; count: number }[]>("ordering", script, since);
  const detours: Detours = {};
  for (const { step, detour, count } of rows) {
    if (detour) detours[step] = { ...detours[step], [detour]: count };
  }
  return detours;
}
