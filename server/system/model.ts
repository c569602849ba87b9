import type { ComponentKind } from "#contract/state.ts";

/** A compose file as Faultline sees it. Made by compose-model.ts, read by interpose.ts and the runtimes. */
export type SystemModel = {
  name: string;
  /** The compose file's absolute path. */
  file: string;
  services: ServiceModel[];
  /** Files named under `x-faultline`, absolute; undefined where not named. */
  policiesFile?: string;
  layoutFile?: string;
  /** Components that can go back to where they began by themselves, in the order in which they are asked. */
  reset?: string[];
};

export type ServiceModel = {
  id: string;
  kind: ComponentKind;
  context: string | null;
  /** Its calls are what users see. */
  client: boolean;
  /** What stands in without Docker: label `faultline.process`, else `command`, split into words. */
  process: string[] | null;
  /** It watches the others and is no part of what they do: its calls go straight to them and are no edges. */
  observer?: boolean;
  /** Modules that run inside it. */
  modules?: string[];
  environment: Record<string, string>;
  /** Ports it listens on, as its own configuration says: `expose`, `ports`, PORT and X_PORT variables. */
  ports: number[];
  dependsOn: string[];
  stopSignal: string;
  stopGraceMs: number;
  /** The image it runs in containers, whether the file says how to build it, and the networks it is in. */
  image?: string;
  built?: boolean;
  networks?: string[];
};

/** One caller → callee dependency found in the caller's environment. */
export type EdgeModel = {
  id: string;
  caller: string;
  callee: string;
  /** The port the caller named, or the scheme's default. */
  port: number;
  protocol: string;
};

/** Where a runtime puts things, asked by interpose while it rewrites. */
export type Wiring = {
  /** host:port on which the agent listens for the nth edge, as the agent binds it, and as callers reach it. */
  edgeListen(index: number): { bind: string; address: string };
  /** host:port at which the agent reaches a service's port. */
  upstream(service: string, port: number): string;
  /** The port that a service must bind where it was written as `port`; the same number in containers. */
  bindPort(service: string, port: number): number;
  /** Base URL of the agent's intake, as components reach it. */
  intakeUrl: string;
};

export type InterposedEdge = EdgeModel & { listen: string; address: string; upstream: string };

/** The rewritten system: each service's whole new environment, and the listeners that the agent must open. */
export type InterposedSystem = {
  model: SystemModel;
  edges: InterposedEdge[];
  environment: Record<string, Record<string, string>>;
  /** References that could not be interposed, each a sentence naming service and variable. */
  warnings: string[];
  /** Where the agent reaches those that can reset themselves, in their order. */
  resets: { component: string; address: string }[];
};
