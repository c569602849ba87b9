import { componentId } from "#contract/ids.ts";
import { type ComponentKind, componentKinds } from "#contract/state.ts";
import { AppError } from "../../lib/app-error.ts";
import type { ServiceModel } from "../model.ts";
import { inferKind } from "./infer-kind.ts";
import { interpolate, type Variables } from "./interpolate.ts";
import { findOwnPorts } from "./own-ports.ts";
import { toShellWords } from "./shell-words.ts";
import { toDurationMs } from "./to-duration-ms.ts";
import { toPorts } from "./to-ports.ts";

/** One service of a compose file, or null where its label says to leave it out. Throws AppError naming service and key. */
export function readService(id: string, raw: unknown, variables: Variables): ServiceModel | null {
  const place = `service ${id}`;
  if (!isMap(raw)) throw wrong(place, "is empty", "give it an image or a command");
  if (!componentId.safeParse(id).success) {
    throw wrong(place, "has a name that cannot be used", "use letters, digits, dot, dash and underscore, at most 64");
  }
  const labels = toStringMap(resolve(raw.labels, variables, `${place}, labels`), variables, `${place}, labels`);
  if (isYes(labels["faultline.ignore"])) return null;

  const source = resolve(raw, variables, place) as Record<string, unknown>;
  const environment = toStringMap(source.environment, variables, `${place}, environment`);
  const image = typeof source.image === "string" ? source.image : undefined;
  const declared = toPorts([...toList(source.expose), ...toList(source.ports)]);
  const own = findOwnPorts(id, environment);
  const modules = toWords(labels["faultline.modules"]);
  const main = own.filter(({ variable }) => variable === "PORT");
  return {
    id,
    kind: toKind(labels["faultline.kind"], place) ?? inferKind(image),
    context: labels["faultline.context"] || null,
    client: isYes(labels["faultline.client"]),
    ...(isYes(labels["faultline.observer"]) ? { observer: true } : {}),
    ...(modules.length > 0 ? { modules } : {}),
    process: labels["faultline.process"] ? toShellWords(labels["faultline.process"]) : toCommand(source),
    environment,
    ports: [...new Set([...main.map(({ port }) => port), ...declared, ...own.map(({ port }) => port)])],
    dependsOn: toDependencies(source.depends_on, place),
    stopSignal: toSignal(source.stop_signal, place),
    stopGraceMs: toGrace(source.stop_grace_period, place),
    ...(image === undefined ? {} : { image }),
    built: source.build !== undefined && source.build !== null,
    networks: source.network_mode === undefined ? toNames(source.networks, ["default"]) : [],
  };
}

/** Every string in a piece of the file, interpolated. */
function resolve(value: unknown, variables: Variables, place: string): unknown {
  if (typeof value === "string") return interpolate(value, variables, place);
  if (Array.isArray(value)) return value.map((item) => resolve(item, variables, place));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolve(item, variables, `${place.split(", ")[0]}, ${key}`)]),
  );
}

/** `{K: v}` or `[K=v]`. A key without a value takes the variable of that name, and is left out where there is none. */
function toStringMap(value: unknown, variables: Variables, place: string): Record<string, string> {
  if (value === undefined || value === null) return {};
  let entries: [string, unknown][];
  if (Array.isArray(value)) {
    entries = value.map((item): [string, unknown] => {
      const text = String(item);
      const equals = text.indexOf("=");
      return equals < 0 ? [text, null] : [text.slice(0, equals), text.slice(equals + 1)];
    });
  } else if (isMap(value)) {
    entries = Object.entries(value);
  } else {
    throw wrong(place, "is neither a map nor a list", "write KEY: value lines");
  }
  const result: Record<string, string> = {};
  for (const [key, item] of entries) {
    if (typeof item === "object" && item !== null)
      throw wrong(place, `has no single value for ${key}`, "write one value");
    const text = item === null || item === undefined ? variables[key] : String(item);
    if (text !== undefined) result[key] = text;
  }
  return result;
}

function toCommand(source: Record<string, unknown>): string[] | null {
  const words = [source.entrypoint, source.command].flatMap((part) =>
    typeof part === "string" ? toShellWords(part) : toList(part).map(String),
  );
  return words.length > 0 ? words : null;
}

function toKind(label: string | undefined, place: string): ComponentKind | undefined {
  if (!label) return undefined;
  const kind = componentKinds.find((known) => known === label);
  if (!kind) throw wrong(place, `has faultline.kind "${label}"`, `use one of ${componentKinds.join(", ")}`);
  return kind;
}

function toDependencies(value: unknown, place: string): string[] {
  if (value === undefined || value === null || Array.isArray(value) || isMap(value)) return toNames(value, []);
  throw wrong(place, "has a depends_on that is neither a list nor a map", "write a list of service names");
}

function toSignal(value: unknown, place: string): string {
  if (value === undefined || value === null) return "SIGTERM";
  const signal = String(value).toUpperCase();
  if (/^(SIG)?[A-Z][A-Z0-9+]*$/.test(signal)) return signal.startsWith("SIG") ? signal : `SIG${signal}`;
  throw wrong(place, `has stop_signal "${value}"`, "name a signal such as SIGTERM");
}

function toGrace(value: unknown, place: string): number {
  if (value === undefined || value === null) return 10_000;
  const ms = toDurationMs(String(value));
  if (ms === null) throw wrong(place, `has stop_grace_period "${value}"`, "write a duration such as 10s or 1m30s");
  return ms;
}

function toNames(value: unknown, fallback: string[]): string[] {
  if (Array.isArray(value)) return value.map(String);
  return isMap(value) ? Object.keys(value) : fallback;
}

/** `a, b c` as three. */
function toWords(label: string | undefined): string[] {
  return (label ?? "").split(/[\s,]+/).filter((word) => word !== "");
}

function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isYes(value: string | undefined): boolean {
  return value === "true" || value === "yes" || value === "1";
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(place: string, problem: string, remedy: string): AppError {
  return new AppError("bad_request", `In the compose file, ${place} ${problem}: ${remedy}.`);
}
