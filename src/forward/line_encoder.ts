import { nanoseconds, type Point, type PointField, type StreamIdentity } from "../model/mod.ts";

/** Escaped `measurement,tag=value,…` of each stream; streams live as long as their device is known. */
const heads = new WeakMap<StreamIdentity, string>();

/**
 * Encodes one point as one line of line protocol, with a timestamp in nanoseconds.
 *
 * Names are those that `nameProblem` lets pass; numbers are finite. Floats are written in the shortest form that
 * reads back as the same number. A string may hold line breaks: InfluxDB keeps them, and the forwarder flattens
 * them for a server that it cannot recognise as InfluxDB. Measurements, tags and field names are escaped as
 * InfluxDB 1.x and 2.x read them (`models/points.go`): a backslash escapes only what follows it where that is a
 * comma, a space or an equals sign.
 *
 * Source: "Line protocol", docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol.
 *
 * @param point at least one field
 * @returns the line without a line break at its end
 */
export function encodeLine(point: Point): string {
  if (point.again !== undefined) return point.again.line;
  let line = point.extraTags === undefined ? headOf(point.stream) : headWith(point.stream, point.extraTags);
  let separator = " ";
  for (const field of point.fields) {
    line += `${separator}${escapeKey(field.name)}=${encodeValue(field)}`;
    separator = ",";
  }
  return `${line} ${nanoseconds(point.ms, point.ns)}`;
}

function headOf(stream: StreamIdentity): string {
  const known = heads.get(stream);
  if (known !== undefined) return known;
  const head = joined(stream.measurement, stream.tags);
  heads.set(stream, head);
  return head;
}

/** Tags stay sorted by name; where both have one, the extra tag counts: a tag named twice is refused. */
function headWith(stream: StreamIdentity, extra: readonly (readonly [string, string])[]): string {
  const names = new Set(extra.map(([name]) => name));
  const tags = [...stream.tags.filter(([name]) => !names.has(name)), ...extra];
  tags.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  return joined(stream.measurement, tags);
}

function joined(measurement: string, tags: readonly (readonly [string, string])[]): string {
  let head = escapeMeasurement(measurement);
  for (const [name, value] of tags) head += `,${escapeKey(name)}=${escapeKey(value)}`;
  return head;
}

function escapeMeasurement(text: string): string {
  return /[ ,]/.test(text) ? text.replace(/[ ,]/g, "\\$&") : text;
}

/** Tag names, tag values and field names share their escapes. */
function escapeKey(text: string): string {
  return /[ ,=]/.test(text) ? text.replace(/[ ,=]/g, "\\$&") : text;
}

function encodeValue(field: PointField): string {
  const value = field.value;
  if (typeof value === "string") return `"${/["\\]/.test(value) ? value.replace(/["\\]/g, "\\$&") : value}"`;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (field.type === "int") return `${value}i`;
  // `String(-0)` is "0"; the sign is part of the value.
  return Object.is(value, -0) ? "-0" : String(value);
}
