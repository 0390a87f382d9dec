import type { Dice } from "../dice.ts";

/** A value in a device's payload. */
export type Json = number | boolean | string | readonly Json[] | { readonly [name: string]: Json };

/** What a device says in one message, besides its time and its sequence number. */
export type Fields = Readonly<Record<string, Json>>;

/** One device's physics. */
export interface Source {
  /**
   * What the device measures now.
   *
   * @param elapsed ms since the run began; never falls from call to call
   */
  measure(elapsed: number): Fields;
}

/** A value that the profile refuses, said in the place of the truth. */
export interface Wrong {
  /** Where it stands in the payload. */
  readonly path: readonly (string | number)[];
  readonly value: Json;
  /** What its refusal costs: the whole message, or one reading. */
  readonly costs: "message" | "reading";
}

/**
 * A kind of device: one file in this folder and one line in `registry.ts`.
 *
 * A source takes everything it does not compute from its dice, so that one seed gives one history.
 */
export interface Model {
  /** Name of the profile in devices/profiles. */
  readonly profile: string;
  /** Level of the topic between site and device, and how its device ids begin. */
  readonly kind: string;
  /** How often it speaks, for each message that the site's rate asks of a device. */
  readonly pace: number;
  /** Whether it counts its messages, so that a repeated one can be told and a missing one noticed. */
  readonly counts: boolean;
  /** Values that are impossible: out of the profile's range or list. */
  readonly spikes: readonly Wrong[];
  /** Values of the wrong type. */
  readonly wrongTypes: readonly Wrong[];
  /** Whether its profile redacts something, so that what is refused of it is not kept as it came. */
  readonly personal?: true;
  /** Whether it is out of reach now and then and sends its memory afterwards, the newest first. */
  readonly roams?: true;
  /** A device of this kind. */
  create(dice: Dice): Source;
  /**
   * How this kind of device says its time and counts its messages.
   *
   * @param time its clock, ms since 1970
   * @param sequence its count of messages, from 1
   */
  stamp(time: number, sequence: number): Fields;
}

/**
 * How long the site's day is, ms: short, so that a run of some minutes shows its curve.
 */
export const DAY = 10 * 60_000;

/** Where in the site's day a moment lies: 0 is midnight, 0.5 noon. Runs begin at eight in the morning. */
export function timeOfDay(elapsed: number): number {
  return (elapsed / DAY + 8 / 24) % 1;
}

/** How busy the site is at a moment: 0 at night, 1 at one in the afternoon. */
export function activity(elapsed: number): number {
  return Math.max(0, Math.sin(Math.PI * (24 * timeOfDay(elapsed) - 6) / 14));
}

/** Rounds as the device's display does. */
export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** Whether something that happens every so often, ms, happens within a step, ms. */
export function occurs(dice: Dice, step: number, every: number): boolean {
  return dice.happens(1 - Math.exp(-step / every));
}
