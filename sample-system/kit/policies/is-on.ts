import type { Policies } from "./policies.ts";
import type { ComponentPolicies } from "./schema.ts";

/** The component policies that can be switched; `capacity` and `load` cannot. */
export type Switch = {
  [Name in keyof ComponentPolicies]-?: NonNullable<ComponentPolicies[Name]> extends { enabled: boolean } ? Name : never;
}[keyof ComponentPolicies];

/** Whether it is switched on at this moment. One that the document does not name is off. */
export function isOn(policies: Pick<Policies, "component">, name: Switch): boolean {
  return policies.component()[name]?.enabled ?? false;
}
