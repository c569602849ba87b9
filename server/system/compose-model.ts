import { basename, dirname, resolve } from "node:path";
import { parseDocument } from "yaml";
import { AppError } from "../lib/app-error.ts";
import { interpolate, type Variables } from "./compose/interpolate.ts";
import { isMap, readService } from "./compose/read-service.ts";
import type { ServiceModel, SystemModel } from "./model.ts";
import { findReferences } from "./references.ts";

/*
 * A compose file as Faultline sees it. Pure:
 *   text ─ YAML, merge keys ─▶ services ─ variables ─▶ readService ─▶ ports that only callers name ─▶ SystemModel
 */

/** Guards against a file whose aliases multiply; a thousand services with a few anchors each stay below it. */
const MOST_ALIASES = 20_000;

/** `variables` are the environment (and `.env`) that `${X}` refers to; `file` is absolute. Throws AppError `bad_request`. */
export function toSystemModel(text: string, variables: Variables, file: string): SystemModel {
  const name = basename(file);
  const root = parse(text, name);
  if (!isMap(root.services) || Object.keys(root.services).length === 0) {
    throw new AppError("bad_request", `${name} has no services: list at least one under "services:".`);
  }
  const ignored = new Set<string>();
  const services: ServiceModel[] = [];
  for (const [id, raw] of Object.entries(root.services)) {
    const service = readService(id, raw, variables);
    if (service) services.push(service);
    else ignored.add(id);
  }
  if (services.length === 0) {
    throw new AppError("bad_request", `${name} has only services with faultline.ignore: leave at least one to run.`);
  }
  connect(services, ignored);

  const extension = isMap(root["x-faultline"]) ? root["x-faultline"] : {};
  const setting = (key: string) => {
    const value = extension[key];
    return typeof value === "string" ? interpolate(value, variables, `x-faultline, ${key}`) : undefined;
  };
  const projectName = typeof root.name === "string" ? interpolate(root.name, variables, "name") : undefined;
  const [policies, layout] = [setting("policies"), setting("layout")];
  const reset = toResetOrder(extension.reset, services);
  return {
    name: setting("name") || projectName || basename(dirname(file)),
    file,
    services,
    ...(policies ? { policiesFile: resolve(dirname(file), policies) } : {}),
    ...(layout ? { layoutFile: resolve(dirname(file), layout) } : {}),
    ...(reset.length > 0 ? { reset } : {}),
  };
}

/** Each must be there, and listen somewhere. */
function toResetOrder(value: unknown, services: ServiceModel[]): string[] {
  if (value === undefined || value === null) return [];
  const place = "In the compose file, x-faultline reset";
  if (!Array.isArray(value)) throw new AppError("bad_request", `${place} is no list: write a list of service names.`);
  return value.map((item) => {
    const service = services.find(({ id }) => id === item);
    if (!service) {
      throw new AppError("bad_request", `${place} names ${item}, which is not there: add it or leave it out.`);
    }
    if (service.ports.length === 0) {
      throw new AppError(
        "bad_request",
        `${place} names ${item}, which listens nowhere: give it a PORT or leave it out.`,
      );
    }
    return service.id;
  });
}

function parse(text: string, name: string): Record<string, unknown> {
  const document = parseDocument(text, { merge: true });
  const error = document.errors[0];
  if (error) {
    const problem = error.message.split(/ at line \d+|\n/)[0];
    throw new AppError(
      "bad_request",
      `${name}, line ${error.linePos?.[0].line ?? "?"}: ${problem}; correct it there.`,
      error,
    );
  }
  let root: unknown;
  try {
    root = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    throw new AppError(
      "bad_request",
      `${name} cannot be read: ${(error as Error).message}; correct its aliases.`,
      error,
    );
  }
  if (!isMap(root)) throw new AppError("bad_request", `${name} is no compose file: it needs a "services:" map.`);
  return root;
}

/** Checks who waits for whom, and gives a service without ports of its own those at which the others call it. */
function connect(services: ServiceModel[], ignored: Set<string>): void {
  const ids = new Set(services.map(({ id }) => id));
  for (const service of services) {
    for (const dependency of service.dependsOn) {
      if (!ids.has(dependency) && !ignored.has(dependency)) {
        throw new AppError(
          "bad_request",
          `In the compose file, service ${service.id} depends on ${dependency}, which is not there: add it or remove the dependency.`,
        );
      }
    }
    service.dependsOn = service.dependsOn.filter((dependency) => ids.has(dependency));
  }
  const references = services.flatMap((service) => findReferences(service, services).references);
  for (const service of services) {
    if (service.ports.length > 0) continue;
    service.ports = [...new Set(references.filter(({ callee }) => callee === service.id).map(({ port }) => port))];
  }
}
