import { type Attributes, spanLimits } from "../telemetry/span.ts";
import { type Decoded, reject } from "./decoded.ts";
import { UNKNOWN_SERVICE } from "./keep-span.ts";
import { readAttribute } from "./protobuf-attributes.ts";
import { WireError, type WireReader } from "./wire-reader.ts";

type ReadItem = (service: string) => void;

/*
 * The frame that all three signals share:
 *
 *   request ─1─▶ Resource{Spans,Logs,Metrics} ─┬─1─▶ resource (attributes)
 *                                              └─2─▶ Scope{Spans,Logs,Metrics} ─2─▶ span, log record or metric
 *
 * `readItem` is called with the reader inside each item. An item's length is known, so a broken one costs only itself.
 */
export function readResourceBatches(reader: WireReader, into: Decoded, readItem: ReadItem): void {
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag !== 0x0a) {
      reader.skip(tag);
      continue;
    }
    const outer = reader.enter();
    const from = reader.position;
    // The resource may stand behind its spans: look for it first.
    const service = readService(reader);
    reader.position = from;
    for (let field = reader.nextTag(); field !== 0; field = reader.nextTag()) {
      if (field === 0x12) readScope(reader, into, service, readItem);
      else reader.skip(field);
    }
    reader.leave(outer);
  }
}

function readScope(reader: WireReader, into: Decoded, service: string, readItem: ReadItem): void {
  const outer = reader.enter();
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag !== 0x12) {
      reader.skip(tag);
      continue;
    }
    const scopeEnd = reader.enter();
    const itemEnd = reader.end;
    try {
      readItem(service);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      reject(into, `an item of ${service} is broken: ${error.message}`);
    }
    reader.end = itemEnd;
    reader.leave(scopeEnd);
  }
  reader.leave(outer);
}

function readService(reader: WireReader): string {
  const attributes: Attributes = {};
  let count = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag !== 0x0a) {
      reader.skip(tag);
      continue;
    }
    const outer = reader.enter();
    for (let field = reader.nextTag(); field !== 0; field = reader.nextTag()) {
      if (field === 0x0a) count = readAttribute(reader, attributes, Math.min(count, spanLimits.attributes - 1));
      else reader.skip(field);
    }
    reader.leave(outer);
  }
  const service = attributes["service.name"];
  return typeof service === "string" && service !== "" ? service : UNKNOWN_SERVICE;
}
