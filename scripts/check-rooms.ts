// Proves the import table of docs/architecture.md: who may import whom, no cycles between files, no barrel files.
// Run as `node scripts/check-rooms.ts`; prints each breach and exits 1 when there is one.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** A room may import itself and these. Longest matching folder wins. */
export const rooms: Record<string, string[]> = {
  contract: [],
  agent: ["contract"],
  "sample-system": [],
  components: ["contract"],
  app: ["components", "contract"],
  "server/lib": ["contract"],
  "server/otlp": ["server/lib", "server/telemetry", "contract"],
  "server/telemetry": ["server/lib", "server/otlp", "contract"],
  "server/system": ["server/lib", "contract"],
  "server/topology": ["server/telemetry", "server/otlp", "server/system", "server/lib", "contract"],
  "server/chaos": ["server/topology", "server/telemetry", "server/otlp", "server/system", "server/lib", "contract"],
  "server/http": [
    "server/live",
    "server/chaos",
    "server/topology",
    "server/telemetry",
    "server/otlp",
    "server/system",
    "server/lib",
    "contract",
  ],
  "server/live": [
    "server/chaos",
    "server/topology",
    "server/telemetry",
    "server/otlp",
    "server/system",
    "server/lib",
    "contract",
  ],
  server: [
    "server/http",
    "server/live",
    "server/chaos",
    "server/topology",
    "server/telemetry",
    "server/otlp",
    "server/system",
    "server/lib",
    "contract",
  ],
};

/** Packages that a room may use besides Node's own; undefined means any. */
const packages: Record<string, string[]> = { contract: ["zod"] };

/** `imports` exist at run time, `typeImports` only for the compiler; both count for the rooms, only the first can make a cycle. */
export type SourceFile = { path: string; imports: string[]; typeImports: string[] };

/** Everything wrong with these files, one sentence each. Paths are relative to the project, with forward slashes. */
export function findBreaches(files: SourceFile[]): string[] {
  const breaches: string[] = [];
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const file of files) {
    const room = toRoom(file.path);
    if (!room) continue;
    for (const specifier of [...file.imports, ...file.typeImports]) {
      const target = toTarget(file.path, specifier);
      if (target === null) {
        const name = specifier
          .split("/")
          .slice(0, specifier.startsWith("@") ? 2 : 1)
          .join("/");
        const allowed = packages[room];
        if (allowed && !specifier.startsWith("node:") && !allowed.includes(name) && !isTest(file.path)) {
          breaches.push(`${file.path} imports ${name}; ${room} may use only ${allowed.join(", ")}`);
        }
        continue;
      }
      const targetRoom = toRoom(target);
      if (targetRoom !== room && !(targetRoom && rooms[room]?.includes(targetRoom))) {
        breaches.push(`${file.path} imports ${target}; ${room} may import only ${rooms[room]?.join(", ") || "itself"}`);
      }
    }
  }
  return [...breaches, ...findCycles(byPath)];
}

function findCycles(byPath: Map<string, SourceFile>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    const seen = trail.indexOf(path);
    if (seen >= 0) {
      cycles.push(`cycle: ${[...trail.slice(seen), path].join(" → ")}`);
      return;
    }
    if (done.has(path)) return;
    for (const specifier of byPath.get(path)?.imports ?? []) {
      const target = toTarget(path, specifier);
      if (target && byPath.has(target)) visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const path of byPath.keys()) visit(path, []);
  return cycles;
}

function toRoom(path: string): string | undefined {
  return Object.keys(rooms)
    .filter((room) => path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** The project path that a specifier names, or null for a package. */
function toTarget(from: string, specifier: string): string | null {
  if (specifier.startsWith("#contract/")) return specifier.slice(1);
  if (specifier.startsWith(".")) return join(dirname(from), specifier).replaceAll("\\", "/");
  return null;
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s(?!type\b)[^"';]*?from\s*["']([^"']+)["']|(?:^|\n)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;
const typeImportPattern = /(?:^|\n)\s*(?:import|export)\stype\s[^"';]*?from\s*["']([^"']+)["']/g;

/** Reads the sources of every room below a project folder. */
export function readSources(root: string): SourceFile[] {
  const folders = [...new Set(Object.keys(rooms).map((room) => room.split("/")[0] ?? room))];
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|tsx)$/.test(entry.name) && !entry.parentPath.includes("node_modules"))
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        const text = readFileSync(file, "utf8");
        return { path: relative(root, file).replaceAll("\\", "/"), ...toImports(text) };
      }),
  );
}

export function toImports(text: string): { imports: string[]; typeImports: string[] } {
  return {
    imports: [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? ""),
    typeImports: [...text.matchAll(typeImportPattern)].map((match) => match[1] ?? ""),
  };
}

if (import.meta.main) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const breaches = findBreaches(readSources(root));
  for (const breach of breaches) console.error(breach);
  if (breaches.length > 0) process.exit(1);
}
