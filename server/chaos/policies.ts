import { isDeepStrictEqual } from "node:util";
import type { PolicyDocument, PolicyFile, PolicyPreset } from "#contract/policies.ts";
import { AppError } from "../lib/app-error.ts";
import type { InterposedSystem } from "../system/model.ts";
import type { Topology } from "../topology/topology-port.ts";
import { atRest, calmed, type SetPolicy, withLoad, withPolicy, withUsualLoad } from "./change-policies.ts";
import { checkTimeouts } from "./check-timeouts.ts";
import { toPolicyDocuments } from "./policy-documents.ts";
import type { Who } from "./who.ts";

/*
 * The policies in force: a preset of the system's own file, changed one by one.
 *   policy:set, policy:preset, load:set ─▶ current ─▶ one document a component ─▶ agent ─▶ components
 *                                                  └▶ topology
 */
export type PolicyParts = {
  file: PolicyFile | null;
  system: Pick<InterposedSystem, "edges" | "model">;
  push(documents: Record<string, PolicyDocument>): Promise<void>;
  topology: Pick<Topology, "setPolicies" | "setSystem" | "log">;
};

export function createPolicies({ file, system, push, topology }: PolicyParts) {
  const presets = file?.presets ?? {};
  const clients = system.model.services.filter((service) => service.client).map((service) => service.id);
  let preset: string | null = file?.default ?? null;
  let current: PolicyPreset = presets[preset ?? ""] ?? { edges: {}, components: {} };
  /** Set by load:set; outlives a change of preset. */
  let load: number | null = null;
  let version = 0;
  /** Changes follow each other, each from what the one before left. */
  let last: Promise<unknown> = Promise.resolve();

  const loadNow = (): number | null => {
    const [first] = clients.flatMap((id) => current.components[id]?.load?.ratePerSecond ?? []);
    return first ?? null;
  };
  const brokers = new Set(system.model.services.filter(({ kind }) => kind === "broker").map(({ id }) => id));
  const calls = system.edges.filter(({ callee }) => !brokers.has(callee));
  const show = () => {
    topology.setPolicies(current, { warnings: checkTimeouts(calls, current), obeys: file?.faults ?? {} });
    topology.setSystem({ presets: Object.keys(presets), preset, loadRatePerSecond: loadNow() });
  };
  /** What the map shows is what the components were told: kept only once the agent has it. */
  const change = (make: () => { policies: PolicyPreset; preset: string | null; load: number | null }) => {
    const next = last.then(async () => {
      const made = make();
      version += 1;
      await push(toPolicyDocuments(made.policies, presets, system.edges, version));
      current = made.policies;
      ({ preset, load } = made);
      show();
    });
    last = next.catch(() => {});
    return next;
  };
  const say = (text: string, where: { edge?: string; component?: string } = {}) =>
    topology.log({ kind: "policy", severity: "info", text, ...where });
  const toPreset = (name: string, withRate: number | null, by: Who) =>
    change(() => {
      const wanted = Object.hasOwn(presets, name) ? presets[name] : undefined;
      if (!wanted) {
        const names = Object.keys(presets).join(", ") || "none";
        throw new AppError("not_found", `There is no preset "${name}"; this system has ${names}.`);
      }
      const policies = withRate === null ? wanted : withLoad(wanted, clients, withRate);
      return { policies, preset: name, load: withRate };
    }).then(() => say(`policies set to ${name} by ${by}`));

  return {
    /** Tells the components what holds: at start, and after the agent was started anew. */
    resend: (): Promise<void> => change(() => ({ policies: current, preset, load })),

    async set(input: SetPolicy, by: Who): Promise<void> {
      await change(() => {
        const policies = withPolicy(current, presets, system, input);
        if (input.policy !== "load") return { policies, preset: null, load };
        const rate = input.value.ratePerSecond;
        return { policies, preset, load: typeof rate === "number" ? rate : load };
      });
      const { edge, component } = input;
      const where = edge !== undefined ? { edge } : { ...(component !== undefined && { component }) };
      say(`${input.policy} of ${edge?.replace("->", "→") ?? component} set by ${by}`, where);
    },

    toPreset: (name: string, by: Who): Promise<void> => toPreset(name, load, by),
    /** `withRate`: asked instead of what the preset asks. */
    async toDefault(by: Who, withRate: number | null = null): Promise<void> {
      if (file) await toPreset(file.default, withRate, by);
    },
    /** The default preset with nobody asking and the breakers held closed, while everything is being reset. */
    async toRest(): Promise<void> {
      const usual = presets[file?.default ?? ""];
      if (file && usual) await change(() => ({ policies: atRest(usual, clients), preset: file.default, load: 0 }));
    },
    /** The load that the preset asks. */
    async restoreLoad(): Promise<void> {
      const usual = presets[file?.default ?? ""];
      if (usual) await change(() => ({ policies: withUsualLoad(current, usual, clients), preset, load: null }));
    },

    async setLoad(ratePerSecond: number, by: Who): Promise<void> {
      await change(() => {
        if (loadNow() === null) throw new AppError("unsupported", "This system has no load generator that can be set.");
        return { policies: withLoad(current, clients, ratePerSecond), preset, load: ratePerSecond };
      });
      say(`load set to ${ratePerSecond}/s by ${by}`);
    },

    /** Forced breakers closed, load as usual. Nothing is sent where nothing changes. */
    async calm(): Promise<void> {
      const usual = () => calmed(current, presets[preset ?? file?.default ?? ""], clients);
      if (isDeepStrictEqual(usual(), current)) return;
      await change(() => ({ policies: usual(), preset, load: null }));
    },

    /** Names in the file that the system does not have. */
    warnings(): string[] {
      const ids = new Set(system.model.services.map(({ id }) => id));
      const edges = new Set(system.edges.map(({ id }) => id));
      const all = Object.values(presets);
      const unknown = new Set([
        ...all.flatMap((each) => Object.keys(each.edges).filter((id) => !edges.has(id))),
        ...all.flatMap((each) => Object.keys(each.components).filter((id) => !ids.has(id))),
        ...Object.keys(file?.faults ?? {}).filter((id) => !ids.has(id)),
      ]);
      return [...unknown].map((name) => `The policies file names ${name}, which this system does not have.`);
    },
  };
}
export type Policies = ReturnType<typeof createPolicies>;
