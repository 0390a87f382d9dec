import type { Limits, Moment, Refusal } from "../model/mod.ts";

/** One record of a payload. */
export interface Decoded {
  /** A plain value: an object, an array, a string, a number … */
  readonly values: unknown;
  /** The text of a bare value as it was sent, for fields that hold text: `1.10` is a version, not 1.1. */
  readonly text?: string;
  /** The record's own time, where the format itself carries one. */
  readonly moment?: Moment;
}

/** What a payload holds: at least one record, or why none can be had. */
export type DecodeResult =
  | { readonly ok: true; readonly records: readonly Decoded[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Reads the payloads of one subscription, in order: a format with a memory keeps it here. */
export interface Decoder {
  /**
   * Decodes one payload.
   *
   * @param payload the bytes as they came; not kept
   * @param limits what is taken at most: `payload` bytes, `depth` levels, `keys` of one object
   */
  decode(payload: Uint8Array, limits: Limits): DecodeResult;
}
