import {
  type ComponentFaultType,
  componentFaultAttributes,
  type FaultType,
  type FlagFaultType,
  flagFaultAttributes,
} from "#contract/faults.ts";

/*
 * Who carries a fault out:
 *   on an edge (toxics, HTTP faults)  the agent, on what passes it
 *   a fault flag of a component       the component itself, told by the agent with its policies
 *   kill, stop, pause                 the runtime
 */
export function isFlag(type: FaultType): type is FlagFaultType {
  return Object.hasOwn(flagFaultAttributes, type);
}

export function isByRuntime(type: FaultType): type is ComponentFaultType {
  return Object.hasOwn(componentFaultAttributes, type);
}

export function isOnEdge(type: FaultType): boolean {
  return !isFlag(type) && !isByRuntime(type);
}
