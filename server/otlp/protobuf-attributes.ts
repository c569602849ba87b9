import type { AttributeValue } from "#contract/traces.ts";
import { type Attributes, spanLimits } from "../telemetry/span.ts";
import { cutText, toFinite, toJsonText, toSafeNumber } from "./attribute-value.ts";
import type { WireReader } from "./wire-reader.ts";

/** AnyValue may nest without end; ours does not. */
const MAX_DEPTH = 8;

/** Reads one KeyValue into `attributes`, unless the limit is reached. Returns how many there are now. */
export function readAttribute(reader: WireReader, attributes: Attributes, count: number): number {
  if (count >= spanLimits.attributes) {
    reader.skip(2);
    return count;
  }
  const outer = reader.enter();
  let key = "";
  let value: AttributeValue | null = null;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) key = reader.text(spanLimits.valueBytes);
    else if (tag === 0x12) value = readAnyValue(reader);
    else reader.skip(tag);
  }
  reader.leave(outer);
  if (key === "" || key === "__proto__" || value === null) return count;
  attributes[key] = value;
  return count + 1;
}

/** An AnyValue as an attribute's value; objects and nested arrays become JSON text, bytes base64. */
export function readAnyValue(reader: WireReader): AttributeValue | null {
  const value = readValue(reader, 0);
  if (Array.isArray(value)) {
    const flat = value.filter((item) => typeof item !== "object");
    if (flat.length === value.length) return flat as AttributeValue;
    return toJsonText(value);
  }
  return typeof value === "object" && value !== null ? toJsonText(value) : (value as AttributeValue | null);
}

function readValue(reader: WireReader, depth: number): unknown {
  const outer = reader.enter();
  let value: unknown = null;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) value = reader.text(spanLimits.valueBytes);
    else if (tag === 0x10) value = reader.varint() !== 0;
    else if (tag === 0x18) value = toSafeNumber(reader.int64());
    else if (tag === 0x21) value = toFinite(reader.double());
    else if (tag === 0x2a && depth < MAX_DEPTH) value = readArray(reader, depth);
    else if (tag === 0x32 && depth < MAX_DEPTH) value = readObject(reader, depth);
    else if (tag === 0x3a) value = cutText(reader.base64(spanLimits.valueBytes));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return value;
}

function readArray(reader: WireReader, depth: number): unknown[] {
  const outer = reader.enter();
  const from = reader.position;
  const values: unknown[] = [];
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    // Elements that begin behind the limit are dropped, so that an array is cut as a text is.
    if (tag === 0x0a && reader.position - from <= spanLimits.valueBytes) values.push(readValue(reader, depth + 1));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return values;
}

function readObject(reader: WireReader, depth: number): Record<string, unknown> {
  const outer = reader.enter();
  const from = reader.position;
  const entries: [string, unknown][] = [];
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag !== 0x0a || reader.position - from > spanLimits.valueBytes) {
      reader.skip(tag);
      continue;
    }
    const inner = reader.enter();
    let key = "";
    let value: unknown = null;
    for (let field = reader.nextTag(); field !== 0; field = reader.nextTag()) {
      if (field === 0x0a) key = reader.text(spanLimits.valueBytes);
      else if (field === 0x12) value = readValue(reader, depth + 1);
      else reader.skip(field);
    }
    reader.leave(inner);
    entries.push([key, value]);
  }
  reader.leave(outer);
  return Object.fromEntries(entries);
}
