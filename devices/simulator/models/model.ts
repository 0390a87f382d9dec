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

/** Rounds as the device's display does. */
export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
