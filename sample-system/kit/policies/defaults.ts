import { readFileSync } from "node:fs";
import { type PolicyDocument, type PolicyFile, policyFile } from "./schema.ts";

/** What holds for a component where nobody says otherwise: the default preset of policies.json. */
export function readDefaults(component: string): PolicyDocument {
  const text = readFileSync(new URL("../../policies.json", import.meta.url), "utf8");
  return toDocument(policyFile.parse(JSON.parse(text)), component);
}

export function toDocument(file: PolicyFile, component: string): PolicyDocument {
  const preset = file.presets[file.default];
  if (!preset) throw new Error(`policies.json has no preset "${file.default}", which it names as its default`);
  const own = Object.entries(preset.edges).filter(([edge]) => edge.startsWith(`${component}->`));
  return {
    edges: Object.fromEntries(own.map(([edge, policies]) => [edge.slice(component.length + 2), policies])),
    component: preset.components[component] ?? {},
  };
}
