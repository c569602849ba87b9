import {
  componentFaultAttributes,
  type Fault,
  type FaultTarget,
  type FaultType,
  type FlagFaultType,
  flagFaultAttributes,
  httpFaultAttributes,
  toxicAttributes,
} from "#contract/faults.ts";
import type { PolicyFile } from "#contract/policies.ts";
import { AppError } from "../lib/app-error.ts";
import { parseInput } from "../lib/parse-input.ts";
import type { InterposedSystem } from "../system/model.ts";
import { isFlag, isOnEdge } from "./fault-kinds.ts";

/** What a fault may be put on, and which fault flags each component obeys. */
export type Targets = Pick<InterposedSystem, "edges" | "model"> & { obeys: PolicyFile["faults"] };

/** Faultline's own parts are never targets, whatever a system calls its services. */
const OWN_PARTS = ["agent", "dashboard"];

/** Refuses a target that is not there, or that this type of fault does not fit. */
export function checkTarget(target: FaultTarget, type: FaultType, { edges, model, obeys }: Targets): void {
  if ("edge" in target) {
    if (!edges.some((edge) => edge.id === target.edge)) {
      throw new AppError("not_found", `There is no edge ${target.edge}.`);
    }
    if (!isOnEdge(type)) throw new AppError("unsupported", `${type} is a fault of a component, not of an edge.`);
    return;
  }
  if (!model.services.some((service) => service.id === target.component)) {
    if (OWN_PARTS.includes(target.component)) {
      throw new AppError("forbidden", `The ${target.component} is Faultline's own and cannot be broken.`);
    }
    throw new AppError("not_found", `There is no component ${target.component}.`);
  }
  if (isOnEdge(type)) throw new AppError("unsupported", `${type} is a fault of an edge, not of a component.`);
  if (isFlag(type)) checkObeys(target.component, type, obeys);
}

function checkObeys(component: string, type: FlagFaultType, obeys: Targets["obeys"]): void {
  const known = Object.hasOwn(obeys, component) ? (obeys[component] ?? []) : [];
  if (known.includes(type)) return;
  const instead = known.length > 0 ? `it obeys ${known.join(", ")}` : "it obeys no fault flags";
  throw new AppError("unsupported", `${component} does not know ${type}; ${instead}.`);
}

/** The components that a flag is told to: itself, or everyone who uses the broker. */
export function toFollowers(component: string, { edges, model }: Targets): string[] {
  const isBroker = model.services.some(({ id, kind }) => id === component && kind === "broker");
  if (!isBroker) return [component];
  const users = [...new Set(edges.filter(({ callee }) => callee === component).map(({ caller }) => caller))];
  if (users.length === 0) throw new AppError("unsupported", `Nobody uses ${component}, so nobody would obey.`);
  return users;
}

const attributeSchemas = {
  ...toxicAttributes,
  ...httpFaultAttributes,
  ...flagFaultAttributes,
  ...componentFaultAttributes,
};

/** The attributes with their defaults, or a `bad_request` that says which is wrong. */
export function checkAttributes(type: FaultType, attributes: Record<string, unknown>): Fault["attributes"] {
  return parseInput<unknown>(attributeSchemas[type], attributes, type) as Fault["attributes"];
}
