import type { AttributeValue } from "#contract/traces.ts";
import { type Attributes, spanLimits } from "../telemetry/span.ts";
import { cutText, toFinite, toJsonText, toSafeNumber } from "./attribute-value.ts";

/*
 * OTLP's JSON, read leniently: what has another type than expected counts as absent, unknown keys are ignored, 64-bit
 * values come as string or number, enums as number or name.
 */
export type JsonObject = Record<string, unknown>;

const MAX_DEPTH = 8;

export function toObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

export function toArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function toText(value: unknown): string {
  return typeof value === "string" ? cutText(value) : "";
}

/** Lower-case hex of `digits` digits, or the empty string. */
export function toHex(value: unknown, digits: number): string {
  return typeof value === "string" && value.length === digits && /^[0-9a-fA-F]+$/.test(value)
    ? value.toLowerCase()
    : "";
}

/** A 64-bit integer, or null when it is none. */
export function toBigint(value: unknown): bigint | null {
  if (typeof value === "number") return Number.isFinite(value) ? BigInt(Math.trunc(value)) : null;
  return typeof value === "string" && /^-?\d{1,20}$/.test(value) ? BigInt(value) : null;
}

/** One of `names` by its place or by its name behind `prefix` ("SPAN_KIND_SERVER"); the first where neither fits. */
export function toEnum<T extends string>(value: unknown, names: readonly [T, ...T[]], prefix: string): T {
  if (typeof value === "number") return names[value] ?? names[0];
  if (typeof value !== "string") return names[0];
  const name = value.startsWith(prefix) ? value.slice(prefix.length).toLowerCase() : value;
  return names.find((known) => known === name) ?? names[Number(value)] ?? names[0];
}

export function toAttributes(value: unknown): Attributes {
  const attributes: Attributes = {};
  let count = 0;
  for (const item of toArray(value)) {
    if (count >= spanLimits.attributes) break;
    const { key, value: anyValue } = toObject(item);
    const read = toAnyValue(anyValue);
    if (typeof key !== "string" || key === "" || key === "__proto__" || read === null) continue;
    attributes[cutText(key)] = read;
    count++;
  }
  return attributes;
}

/** An AnyValue as an attribute's value; objects and nested arrays become JSON text. */
export function toAnyValue(value: unknown): AttributeValue | null {
  const plain = toPlain(value, 0);
  if (Array.isArray(plain)) {
    return plain.every((item) => typeof item !== "object") ? cutArray(plain) : toJsonText(plain);
  }
  return typeof plain === "object" && plain !== null ? toJsonText(plain) : (plain as AttributeValue | null);
}

function toPlain(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return null;
  const any = value as JsonObject;
  if (typeof any.stringValue === "string") return cutText(any.stringValue);
  if (typeof any.boolValue === "boolean") return any.boolValue;
  if (any.intValue !== undefined) {
    const integer = toBigint(any.intValue);
    return integer === null ? null : toSafeNumber(integer);
  }
  if (any.doubleValue !== undefined) return any.doubleValue === null ? null : toFinite(Number(any.doubleValue));
  if (any.arrayValue !== undefined) {
    return toArray(toObject(any.arrayValue).values).map((item) => toPlain(item, depth + 1));
  }
  if (any.kvlistValue !== undefined) {
    const entries = toArray(toObject(any.kvlistValue).values).map(toObject);
    return Object.fromEntries(entries.map((entry) => [String(entry.key), toPlain(entry.value, depth + 1)]));
  }
  return typeof any.bytesValue === "string" ? cutText(any.bytesValue) : null;
}

/** Drops what begins behind the limit, so that an array is cut as a text is. */
function cutArray(values: unknown[]): AttributeValue {
  let bytes = 0;
  const kept = values.filter((item) => {
    const fits = bytes <= spanLimits.valueBytes;
    bytes += typeof item === "string" ? item.length + 4 : 8;
    return fits;
  });
  return kept as AttributeValue;
}
