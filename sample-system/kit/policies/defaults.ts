import { readFileSync } from "node:fs";
import { type PolicyDocument, type PolicyFile, policyFile } from "./schema.ts";

const services = new URL("../../policies.json", import.meta.url);

/** What holds for a component where nobody says otherwise: the default preset of policies.json, or of another such file. */
export function readDefaults(component: string, file: URL = services): PolicyDocument {
  const text = readFileSync(file, "utf8");
  return toDocument(policyFile.parse(JSON.parse(text)), component);
}

export function toDocument(file: PolicyFile, component: string): PolicyDocument {
  const preset = file.presets[file.default];
  if (!preset) throw new Error(`policies.json has no preset "${file.default}", which it names as its default`);
  const own = Object.entries(preset.edges).filter(([edge]) => edge.startsWith(`${component}->`));
  return {
    edges: Object.fromEntries(own.map(([edge, policies]) => [edge.slice(component.length + 2), policies])),
    component: preset.components[component] ?? {},
    faults: [],
  };
}
