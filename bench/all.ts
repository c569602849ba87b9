// `npm run bench`: runs every benchmark in turn and prints its table. Benchmarks print figures and assert nothing.
// `npm run bench -- first-light` runs one.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const only = process.argv[2];
const names = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".ts") && name !== "all.ts")
  .map((name) => name.replace(/\.ts$/, ""))
  .filter((name) => !only || name === only);

if (names.length === 0) {
  console.error(`There is no benchmark "${only}".`);
  process.exit(1);
}
for (const name of names) {
  console.log(`\n${name}`);
  spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: "inherit" });
}
