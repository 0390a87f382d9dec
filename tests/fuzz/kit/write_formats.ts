/**
 * Writes what a device means in each format; also what the format forbids, as a bad encoder would.
 * @module
 */
import { encode as cbor } from "cborg";
import { encode as msgpack } from "@msgpack/msgpack";
import { type Dice, pick } from "./dice.ts";
import type { Members } from "./value_mutators.ts";

const encoder = new TextEncoder();

/** The moment that a payload is about, ms since 1970. */
export type Now = number;

/** JSON, with NaN, −0 and integers of any size written out. */
export function json(value: unknown): Uint8Array {
  return encoder.encode(jsonText(value));
}

function jsonText(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return `"${value.toBase64()}"`;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  return `{${
    Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`).join(",")
  }}`;
}

/** CBOR (RFC 8949). */
export function cborOf(value: unknown): Uint8Array {
  return cbor(value, { ignoreUndefinedProperties: false });
}

/** MessagePack. */
export function msgpackOf(value: unknown): Uint8Array {
  return msgpack(value, { useBigInt64: true });
}

/** A single value as text. */
export function bare(value: unknown): Uint8Array {
  return encoder.encode(typeof value === "object" ? jsonText(value) : String(value));
}

/** Labels of SenML in CBOR (RFC 8428, table 4). */
const LABELS = new Map(Object.entries({ bn: -2, bt: -3, n: 0, u: 1, v: 2, vs: 3, vb: 4, t: 6, vd: 8 }));

/** A SenML pack (RFC 8428), in JSON or in CBOR: both are one format of a subscription. */
export function senml(members: Members, now: Now, dice: Dice): Uint8Array {
  const base = { bn: pick(dice, ["urn:dev:ow:10e2073a01080063:", "d/", ""]), bt: now / 1_000 };
  // Each time is a record of its own, and each record wants what its profile requires.
  const times = dice.happens(0.1);
  const pack = Object.entries(members).map(([n, value], index) => ({
    ...(index === 0 ? base : {}),
    n,
    ...(times && dice.happens(0.5) ? { t: -Math.round(dice.between(0, 90)) } : {}),
    [senmlLabel(value)]: value,
  }));
  if (dice.happens(0.5)) return json(pack);
  return cborOf(
    pack.map((record) =>
      new Map(Object.entries(record).map(([label, value]) => [LABELS.get(label) ?? label, value]))
    ),
  );
}

function senmlLabel(value: unknown): string {
  return typeof value === "string" ? "vs" : typeof value === "boolean" ? "vb" : "v";
}

/** A line, or two, of line protocol. */
export function lines(members: Members, now: Now, dice: Dice): Uint8Array {
  const fields = Object.entries(members).map(([name, value]) => `${escaped(name)}=${fieldText(value, dice)}`);
  const tags = pick(dice, ["", ",site=north", ",site=a\\ b,line=4", ",host=x"]);
  const time = dice.happens(0.8) ? ` ${BigInt(Math.floor(now)) * 1_000_000n}` : "";
  const line = `room${tags} ${fields.join(",")}${time}`;
  return encoder.encode(dice.happens(0.1) ? `# two\n${line}\n\n${line}\n` : line);
}

function escaped(name: string): string {
  return name.replace(/[ ,=]/g, "\\$&");
}

function fieldText(value: unknown, dice: Dice): string {
  if (typeof value === "string") return `"${value.replace(/["\\]/g, "\\$&")}"`;
  if (typeof value === "bigint") return `${value}i`;
  if (typeof value !== "number") return jsonText(value);
  return Number.isInteger(value) && dice.happens(0.3) ? `${value}i` : String(value);
}
