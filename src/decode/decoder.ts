import type { DeviceRequest, Limits, Moment, Refusal } from "../model/mod.ts";

/** One record of a payload. */
export interface Decoded {
  /** A plain value: an object, an array, a string, a number … */
  readonly values: unknown;
  /** The text of a bare value as it was sent, for fields that hold text: `1.10` is a version, not 1.1. */
  readonly text?: string;
  /** The record's own time, where the format itself carries one. */
  readonly moment?: Moment;
}

/**
 * How many records of a payload must hold a field of the profile: `each` of a batch; `some` where the format splits
 * a payload into records by itself; `none` where a message may have nothing to say (a birth, a death).
 */
export type Needs = "each" | "some" | "none";

/** What a message of a format with a memory does beside its readings. */
export interface Effect {
  /**
   * Takes what the message said into the format's memory. Called once, after the message was judged and whatever
   * the verdict; decoding alone changes nothing.
   */
  readonly remember: () => void;
  /** What the device has to be asked for. */
  readonly request?: DeviceRequest;
  /** The message is no sign of life but a death: topics whose devices are gone; none where it is out of date. */
  readonly died?: readonly string[];
}

/** What a payload holds, or why nothing can be had of it. */
export type DecodeResult =
  | {
    readonly ok: true;
    readonly records: readonly Decoded[];
    /** How many of the records must hold a reading; left out: each. */
    readonly needs?: Needs;
    /** What it does beside; left out: nothing. */
    readonly effect?: Effect;
  }
  | {
    readonly ok: false;
    readonly refusal: Refusal;
    /** What it does all the same; left out: nothing. */
    readonly effect?: Effect;
  };

/** Where and when a payload came, for formats that lean on it. */
export interface Receipt {
  /** The MQTT topic. */
  readonly topic: string;
  /** Wall clock at receipt, ms. */
  readonly receivedAt: number;
  /** Journal time at receipt, ms. */
  readonly elapsed: number;
}

/** Reads the payloads of one subscription, in order. */
export interface Decoder {
  /**
   * Decodes one payload. It changes nothing: what a format has to remember comes back as the effect.
   *
   * @param payload the bytes as they came; not kept
   * @param limits what is taken at most: `payload` bytes, `depth` levels, `keys` of one object
   * @param receipt where and when it came
   */
  decode(payload: Uint8Array, limits: Limits, receipt: Receipt): DecodeResult;
}
