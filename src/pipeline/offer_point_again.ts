import { decoderFor } from "../decode/mod.ts";
import type { Point, PointField, ReinjectedEntry, StreamIdentity, Value } from "../model/mod.ts";
import type { River, RiverOutput } from "./river.ts";
import type { Again } from "./take_again.ts";

const lines = decoderFor("line_protocol");

/** A point that the database refused is offered to it again, as the line that it was. */
export function offerPointAgain(river: River, entry: ReinjectedEntry, out: RiverOutput): Again {
  const device = entry.device === null ? undefined : river.registry.device(entry.device);
  if (device === undefined) return { kind: "device_unknown" };
  const { payload, receivedAt } = entry;
  // It was written once: no limit of messages is in its way.
  const limits = { ...river.rules.limits, payload: payload.length, keys: payload.length };
  const decoded = lines.decode(payload, limits, { topic: "", receivedAt, elapsed: 0 });
  const [record] = decoded.ok ? decoded.records : [];
  if (record?.moment === undefined) return { kind: "line_unreadable" };
  const { measurement, tags, ...values } = Object(record.values);
  const fields = Object.entries(values).map(([name, value]) => fieldOf(name, value));
  if (fields.length === 0) return { kind: "line_unreadable" };
  const stream: StreamIdentity = {
    deviceIndex: device.index,
    device: device.id,
    profile: "",
    measurement: String(measurement),
    tags: Object.entries(Object(tags)).map(([name, value]): [string, string] => [name, String(value)]),
  };
  const replayed = stream.tags.some(([name]) => name === "replayed");
  const point: Point = {
    stream,
    fields,
    ms: record.moment.ms,
    ns: record.moment.ns,
    readings: entry.readings,
    // Something newer may have been written there since: it comes when all before it is settled, and not with it.
    correction: true,
    earlier: { kind: "unknown" },
    again: { line: new TextDecoder().decode(payload), partial: entry.partial === true },
    ...(replayed ? { extraTags: [["replayed", "true"]] } : {}),
  };
  out.point(point);
  return { readings: entry.readings, repeated: false, device };
}

function fieldOf(name: string, value: unknown): PointField {
  const plain: Value = typeof value === "boolean" || typeof value === "string" ? value : Number(value);
  const type = typeof plain === "boolean" ? "boolean" : typeof plain === "string" ? "string" : "float";
  return { name, type, value: plain };
}
