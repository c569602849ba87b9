import { z } from "zod";
import type { Refusal } from "./errors.ts";
import { type FaultType, faultAttributes, faultTarget, faultTypes, leaseMs } from "./faults.ts";
import { componentId, edgeId } from "./ids.ts";
import { policyNames } from "./policies.ts";

const none = z.strictObject({});
const onComponent = z.strictObject({ component: componentId });

/** Every command: what it takes and what it answers. The socket, POST /api/commands/<name> and /api/schema derive from it. */
export const commands = {
  "component:start": { input: onComponent, output: none },
  "component:stop": { input: onComponent, output: none },
  "component:kill": { input: onComponent, output: none },
  "component:pause": { input: onComponent, output: none },
  "component:unpause": { input: onComponent, output: none },
  "component:restart": { input: onComponent, output: none },
  "system:reset": { input: none, output: none },
  /** Ends every fault and proves it: `healed`, or `residue`, one sentence for each thing that is left. */
  "heal:everything": { input: none, output: z.object({ healed: z.boolean(), residue: z.array(z.string()) }) },
  "fault:add": {
    input: z.strictObject({
      target: faultTarget,
      type: z.enum(faultTypes as [FaultType, ...FaultType[]]),
      attributes: faultAttributes.optional(),
      rate: z.number().min(0).max(1).optional(),
      leaseMs: leaseMs.optional(),
      seed: z.number().int().optional(),
    }),
    output: z.object({ id: z.string() }),
  },
  "fault:update": {
    input: z.strictObject({ id: z.string(), attributes: faultAttributes.optional(), leaseMs: leaseMs.optional() }),
    output: none,
  },
  "fault:remove": { input: z.strictObject({ id: z.string() }), output: none },
  "policy:set": {
    input: z.strictObject({
      edge: edgeId.optional(),
      component: componentId.optional(),
      policy: z.enum(policyNames),
      value: z.record(z.string(), z.unknown()),
    }),
    output: none,
  },
  "policy:preset": { input: z.strictObject({ name: z.string() }), output: none },
  "load:set": { input: z.strictObject({ ratePerSecond: z.number().min(0).max(2_000) }), output: none },
} as const;

export type CommandName = keyof typeof commands;
export type CommandInput<N extends CommandName> = z.input<(typeof commands)[N]["input"]>;
export type CommandOutput<N extends CommandName> = z.output<(typeof commands)[N]["output"]>;
export type CommandAnswer<N extends CommandName> = ({ ok: true } & CommandOutput<N>) | Refusal;
