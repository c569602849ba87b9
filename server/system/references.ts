import type { ServiceModel } from "./model.ts";
import { inferProtocol, isEncrypted, isWellKnown, namesNoMachine, toScheme } from "./well-known-ports.ts";

/*
 * Finds in a service's environment every address of another service. Pure; a name counts only as a whole:
 * `load` is not in `http://download:80`, nor in `http://load.example.org`.
 *
 *   scheme://[user:pass@]service[:port][,service[:port]…]     URLs, anywhere in a value, several in one value
 *   service:port[,service:port…]                              bare, where nothing but a separator stands around it
 *   X_HOST=service with X_PORT=port                           pairs
 */

/** What to write where: the range of a variable's value that becomes the new `host:port`, host, or port. */
export type Edit = { variable: string; start: number; end: number; part: "address" | "host" | "port" };

export type Reference = {
  callee: string;
  port: number;
  protocol: string;
  /** A scheme said the protocol; otherwise it was inferred. */
  explicit: boolean;
  edits: Edit[];
};

export type FoundReferences = { references: Reference[]; warnings: string[] };

/** Where telemetry goes is set apart; a collector in the file is nobody's dependency. */
const telemetry = /^OTEL_EXPORTER_/;
/** `POSTGRES_IMAGE=postgres:17` is a tag, not an address. */
const noAddress = /(^|_)(IMAGE|TAG|VERSION)$/;
const addressLike =
  /(HOST|HOSTNAME|HOSTS|ADDR|ADDRESS|ADDRESSES|SERVER|SERVERS|ENDPOINT|ENDPOINTS|URL|URI|BROKER|BROKERS|NODES)$/;

const url = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*):\/\/((?:(?![,;|][a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'`<>(){}|\\;])+)/gi;
const grpcTarget = /(?<![a-z0-9+.-])(dns|passthrough):\/\/\/()([a-z0-9][a-z0-9_.-]*(?::\d+)?)/gi;
const bare = /(?<=^|[\s,;=|"'`([{@>])([A-Za-z0-9][A-Za-z0-9_.-]*):(\d{1,5})(?=$|[\s,;/|"'`)\]}?])/g;

/** In the order of the variables and, within one, of the text. References of a service to itself are among them. */
export function findReferences(service: ServiceModel, services: ServiceModel[]): FoundReferences {
  const byId = new Map(services.map((other) => [other.id, other]));
  const found: FoundReferences = { references: [], warnings: [] };
  for (const [variable, value] of Object.entries(service.environment)) {
    if (telemetry.test(variable) || noAddress.test(variable)) continue;
    const covered = findUrls(service, variable, value, byId, found);
    findBare(service, variable, value, byId, covered, found);
    findHost(service, variable, value, byId, found);
  }
  for (const word of service.process ?? []) findInCommand(service, word, byId, found);
  return withoutSharedPorts(service, found);
}

/** One PORT variable beside hosts of two services cannot say where both are: the first keeps it, the others are told. */
function withoutSharedPorts(service: ServiceModel, found: FoundReferences): FoundReferences {
  const owners = new Map<string, string>();
  const references = found.references.filter(({ callee, edits }) => {
    const port = edits.find(({ part }) => part === "port")?.variable;
    if (port === undefined) return true;
    const owner = owners.get(port) ?? callee;
    owners.set(port, owner);
    if (owner === callee) return true;
    found.warnings.push(
      `${service.id}: ${port} is shared by ${owner} and ${callee}, so calls to ${callee} bypass the map; give each a variable of its own.`,
    );
    return false;
  });
  return { references, warnings: found.warnings };
}

function findUrls(
  service: ServiceModel,
  variable: string,
  value: string,
  byId: Map<string, ServiceModel>,
  found: FoundReferences,
): [number, number][] {
  const covered: [number, number][] = [];
  const matches = [...value.matchAll(url), ...[...value.matchAll(grpcTarget)].map(withoutSlash)];
  for (const match of matches) {
    const [whole, name = "", authority = ""] = match;
    const start = match.index + whole.length - authority.length;
    covered.push([match.index, start + authority.length]);
    if (namesNoMachine(name)) continue;
    const scheme = toScheme(name);
    for (const { host, port, at } of toHosts(authority)) {
      const callee = byId.get(host);
      const target = port ?? scheme?.port;
      if (!callee) continue;
      if (name.toLowerCase().endsWith("+srv")) {
        found.warnings.push(
          `${service.id}: ${variable} looks ${host} up by SRV record, so those calls bypass the map; name a host and a port.`,
        );
        continue;
      }
      if (target === undefined) {
        found.warnings.push(withoutPort(service.id, variable, host));
        continue;
      }
      const protocol = scheme?.protocol ?? inferProtocol(variable, target, callee.kind);
      if (isEncrypted(protocol) && host !== service.id) {
        found.warnings.push(
          `${service.id}: ${variable} reaches ${host} through the agent, whose name is not in ${host}'s certificate; use plain ${protocol.replace(/s$/, "")} or turn that check off.`,
        );
      }
      const length = host.length + (/^:\d*/.exec(value.slice(start + at + host.length))?.[0].length ?? 0);
      const edit: Edit = { variable, start: start + at, end: start + at + length, part: "address" };
      found.references.push({ callee: host, port: target, protocol, explicit: Boolean(scheme), edits: [edit] });
    }
  }
  return covered;
}

/** `dns:///service:50051` as if its authority were what stands after the third slash. */
function withoutSlash(match: RegExpExecArray): RegExpExecArray {
  return Object.assign(match, { 2: match[3] });
}

/**
 * The hosts of a URL's authority with their places in it. Commas separate hosts, and each may carry its own user and
 * password; a piece without `@` in front of the first one with it belongs to a password that holds a comma.
 */
function toHosts(authority: string): { host: string; port: number | undefined; at: number }[] {
  const pieces: { text: string; at: number }[] = [];
  let at = 0;
  for (const text of authority.split(",")) {
    pieces.push({ text, at });
    at += text.length + 1;
  }
  const firstWithUser = pieces.findIndex(({ text }) => text.includes("@"));
  return pieces.slice(Math.max(0, firstWithUser)).flatMap((piece) => {
    const skip = piece.text.lastIndexOf("@") + 1;
    const parts = /^([^:]+)(?::(\d{0,5}))?$/.exec(piece.text.slice(skip));
    const port = parts?.[2] ? Number(parts[2]) : undefined;
    if (!parts?.[1] || (port !== undefined && (port < 1 || port > 65_535))) return [];
    return [{ host: parts[1], port, at: piece.at + skip }];
  });
}

function findBare(
  service: ServiceModel,
  variable: string,
  value: string,
  byId: Map<string, ServiceModel>,
  covered: [number, number][],
  found: FoundReferences,
): void {
  for (const match of value.matchAll(bare)) {
    const [whole, host = "", digits] = match;
    const callee = byId.get(host);
    const port = Number(digits);
    if (!callee || port < 1 || port > 65_535) continue;
    if (covered.some(([start, end]) => match.index >= start && match.index < end)) continue;
    if (port < 1024 && !callee.ports.includes(port) && !isWellKnown(port)) {
      found.warnings.push(
        `${service.id}: ${variable} holds ${whole}, which looks like no address and is left as it is.`,
      );
      continue;
    }
    const edit: Edit = { variable, start: match.index, end: match.index + whole.length, part: "address" };
    const protocol = inferProtocol(variable, port, callee.kind);
    found.references.push({ callee: host, port, protocol, explicit: false, edits: [edit] });
  }
}

/** `X_HOST` with `X_PORT`; a name alone in any variable that sounds like an address cannot be rewritten. */
function findHost(
  service: ServiceModel,
  variable: string,
  value: string,
  byId: Map<string, ServiceModel>,
  found: FoundReferences,
): void {
  const name = value.trim();
  const callee = byId.get(name);
  const prefix = /^(.*?)(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS)$/.exec(variable)?.[1];
  const portVariable = prefix === undefined ? "" : `${prefix}PORT`;
  const portText = service.environment[portVariable];
  if (callee && portText && /^\d{1,5}$/.test(portText) && Number(portText) > 0 && Number(portText) <= 65_535) {
    const port = Number(portText);
    const start = value.indexOf(name);
    found.references.push({
      callee: name,
      port,
      protocol: inferProtocol(variable, port, callee.kind),
      explicit: false,
      edits: [
        { variable, start, end: start + name.length, part: "host" },
        { variable: portVariable, start: 0, end: portText.length, part: "port" },
      ],
    });
    return;
  }
  if (!addressLike.test(variable)) return;
  for (const host of value.split(/[,;\s]+/)) {
    if (byId.has(host) && host !== service.id) found.warnings.push(withoutPort(service.id, variable, host));
  }
}

function findInCommand(
  service: ServiceModel,
  word: string,
  byId: Map<string, ServiceModel>,
  found: FoundReferences,
): void {
  const inWord: FoundReferences = { references: [], warnings: [] };
  const covered = findUrls(service, "command", word, byId, inWord);
  findBare(service, "command", word, byId, covered, inWord);
  for (const { callee } of inWord.references) {
    if (callee === service.id) continue;
    found.warnings.push(
      `${service.id}: its command names ${callee}, and only the environment is rewritten, so those calls bypass the map; put that address into a variable.`,
    );
  }
}

function withoutPort(service: string, variable: string, host: string): string {
  return `${service}: ${variable} names ${host} without a port, so those calls bypass the map; write ${host}:<port>, or a PORT variable beside it.`;
}
