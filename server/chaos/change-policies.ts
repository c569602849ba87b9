import type { z } from "zod";
import type { commands } from "#contract/commands.ts";
import {
  type ComponentPolicyName,
  componentPolicySchemas,
  type EdgePolicyName,
  edgePolicySchemas,
  type PolicyPreset,
} from "#contract/policies.ts";
import { AppError } from "../lib/app-error.ts";
import { parseInput } from "../lib/parse-input.ts";
import type { InterposedSystem } from "../system/model.ts";

/* Pure: policies in, changed policies out. What no preset names, the caller does not implement. */

export type SetPolicy = z.output<(typeof commands)["policy:set"]["input"]>;
type Presets = Record<string, PolicyPreset>;
type Targets = Pick<InterposedSystem, "edges" | "model">;

export function withPolicy(current: PolicyPreset, presets: Presets, targets: Targets, input: SetPolicy): PolicyPreset {
  const { policy, edge, component } = input;
  if (edge !== undefined && component !== undefined) {
    throw new AppError("bad_request", "Name an edge or a component, not both.");
  }
  return policy in edgePolicySchemas
    ? onEdge(current, presets, targets, edge, policy as EdgePolicyName, input.value)
    : onComponent(current, presets, targets, component, policy as ComponentPolicyName, input.value);
}

function onEdge(
  current: PolicyPreset,
  presets: Presets,
  { edges }: Targets,
  id: string | undefined,
  policy: EdgePolicyName,
  value: unknown,
): PolicyPreset {
  if (id === undefined) throw new AppError("bad_request", `${policy} is set on an edge; name one.`);
  const edge = edges.find((candidate) => candidate.id === id);
  if (!edge) throw new AppError("not_found", `There is no edge ${id}.`);
  if (!Object.values(presets).some((preset) => preset.edges[id]?.[policy])) {
    throw new AppError("unsupported", `${edge.caller} has no ${policy} on ${id.replace("->", "→")}.`);
  }
  const policies = { ...current.edges[id], [policy]: parseInput<unknown>(edgePolicySchemas[policy], value, policy) };
  return { ...current, edges: { ...current.edges, [id]: policies } };
}

function onComponent(
  current: PolicyPreset,
  presets: Presets,
  { model }: Targets,
  id: string | undefined,
  policy: ComponentPolicyName,
  value: unknown,
): PolicyPreset {
  if (id === undefined) throw new AppError("bad_request", `${policy} is set on a component; name one.`);
  if (!model.services.some((service) => service.id === id)) {
    throw new AppError("not_found", `There is no component ${id}.`);
  }
  if (!Object.values(presets).some((preset) => preset.components[id]?.[policy])) {
    throw new AppError("unsupported", `${id} has no ${policy} to set.`);
  }
  const policies = {
    ...current.components[id],
    [policy]: parseInput<unknown>(componentPolicySchemas[policy], value, policy),
  };
  return { ...current, components: { ...current.components, [id]: policies } };
}

/** The same load for every client that obeys one. */
export function withLoad(current: PolicyPreset, clients: string[], ratePerSecond: number): PolicyPreset {
  const components = { ...current.components };
  for (const id of clients) if (components[id]?.load) components[id] = { ...components[id], load: { ratePerSecond } };
  return { ...current, components };
}

/** Nobody asks, and every breaker that decides is held closed: it forgets what it has seen. */
export function atRest(preset: PolicyPreset, clients: string[]): PolicyPreset {
  const next = withLoad(structuredClone(preset), clients, 0);
  for (const { circuitBreaker } of Object.values(next.edges)) {
    if (circuitBreaker && circuitBreaker.mode !== "disabled") circuitBreaker.mode = "forced_closed";
  }
  return next;
}

/** Forced breakers decide for themselves again, and each client's load is the preset's. */
export function calmed(current: PolicyPreset, preset: PolicyPreset | undefined, clients: string[]): PolicyPreset {
  const next = structuredClone(current);
  for (const { circuitBreaker } of Object.values(next.edges)) {
    if (circuitBreaker?.mode === "forced_open" || circuitBreaker?.mode === "forced_closed")
      circuitBreaker.mode = "auto";
  }
  return withUsualLoad(next, preset, clients);
}

/** Each client's load as the preset has it. */
export function withUsualLoad(
  current: PolicyPreset,
  preset: PolicyPreset | undefined,
  clients: string[],
): PolicyPreset {
  const components = { ...current.components };
  for (const id of clients) {
    const usual = preset?.components[id]?.load;
    if (usual) components[id] = { ...components[id], load: { ...usual } };
  }
  return { ...current, components };
}
