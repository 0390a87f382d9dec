/**
 * One format on a bench: its records, or its refusal, in few words.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { type Decoded, decoderFor, type Receipt } from "../../../src/decode/mod.ts";
import type { Compression, Format, Limits, Reason, Refusal } from "../../../src/model/mod.ts";
import { bytes, limits, NOW, receipt } from "./limits.ts";

/** How a payload is read, where it differs. */
export interface How {
  readonly limits?: Partial<Limits>;
  readonly receipt?: Partial<Receipt>;
  readonly compression?: Compression;
}

/** The records of a payload. */
export function recordsOf(format: Format, payload: Uint8Array | string, how: How = {}): readonly Decoded[] {
  const result = decode(format, payload, how);
  assert(result.ok, result.ok ? "" : JSON.stringify(result.refusal));
  return result.records;
}

/** Why a payload gives nothing. */
export function refusalOf(format: Format, payload: Uint8Array | string, how: How = {}): Refusal {
  const result = decode(format, payload, how);
  assert(!result.ok, "The payload was decoded");
  return result.refusal;
}

function decode(format: Format, payload: Uint8Array | string, how: How) {
  const decoder = decoderFor(format, undefined, how.compression);
  const body = typeof payload === "string" ? bytes(payload) : payload;
  return decoder.decode(body, limits(how.limits), receipt(how.receipt));
}

/** The records as values and times: ms since the receipt, with `+` and nanoseconds where there are any. */
export function timed(records: readonly Decoded[]): [unknown, string][] {
  return records.map(({ values, moment }) => [values, moment === undefined ? "now" : timeText(moment)]);
}

function timeText({ ms, ns }: { readonly ms: number; readonly ns: number }): string {
  return `${ms - NOW}${ns === 0 ? "" : `+${ns}`}`;
}

/** Tests that payloads are refused with a reason, whatever else the refusal says. */
export function refuses(
  format: Format,
  cases: readonly (readonly [string, Uint8Array | string, Reason, How?])[],
): void {
  for (const [what, payload, reason, how] of cases) {
    Deno.test(`${format} refuses ${what} as ${reason}`, () => {
      assertEquals(refusalOf(format, payload, how).reason, reason);
    });
  }
}

/** Bytes from hexadecimal digits; spaces do not count. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(digits.replaceAll(/\s/g, "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
