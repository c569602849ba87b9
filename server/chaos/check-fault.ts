import {
  componentFaultAttributes,
  type Fault,
  type FaultTarget,
  type FaultType,
  type ToxicType,
  toxicAttributes,
} from "#contract/faults.ts";
import { AppError } from "../lib/app-error.ts";
import { parseInput } from "../lib/parse-input.ts";
import type { InterposedSystem } from "../system/model.ts";

/** What a fault may be put on. */
export type Targets = Pick<InterposedSystem, "edges" | "model">;

/** Faultline's own parts are never targets, whatever a system calls its services. */
const OWN_PARTS = ["agent", "dashboard"];

export function isToxic(type: FaultType): type is ToxicType {
  return type in toxicAttributes;
}

/** Refuses a target that is not there, or that this type of fault does not fit. */
export function checkTarget(target: FaultTarget, type: FaultType, { edges, model }: Targets): void {
  if ("edge" in target) {
    if (!edges.some((edge) => edge.id === target.edge)) {
      throw new AppError("not_found", `There is no edge ${target.edge}.`);
    }
    if (!isToxic(type)) throw new AppError("unsupported", `${type} is a fault of a component, not of an edge.`);
    return;
  }
  if (!model.services.some((service) => service.id === target.component)) {
    if (OWN_PARTS.includes(target.component)) {
      throw new AppError("forbidden", `The ${target.component} is Faultline's own and cannot be broken.`);
    }
    throw new AppError("not_found", `There is no component ${target.component}.`);
  }
  if (isToxic(type)) throw new AppError("unsupported", `${type} is a fault of an edge, not of a component.`);
}

/** The attributes with their defaults, or a `bad_request` that says which is wrong. */
export function checkAttributes(type: FaultType, attributes: Record<string, unknown>): Fault["attributes"] {
  const schema = { ...toxicAttributes, ...componentFaultAttributes }[type];
  return parseInput<Fault["attributes"]>(schema, attributes, type);
}
