import type { Dice } from "../dice.ts";
import type { Model } from "../models/model.ts";
import type { Draft } from "./draft.ts";

/** What a fault knows of the device that it strikes. */
export interface Patient {
  /** Seeded: one seed gives one history of faults. */
  readonly dice: Dice;
  readonly model: Model;
  /** Mean pause between two messages, ms. */
  readonly interval: number;
  /** How long the run is, ms. */
  readonly duration: number;
  /** Messages per second that the gateway takes of one device. */
  readonly deviceRate: number;
}

/**
 * What can go wrong with a device: one file in this folder and one line in `registry.ts`.
 *
 * A fault changes what a device says, and labels what it changed with the fate that the gateway owes it. A device has
 * one fault at most, so that no fault hides another.
 */
export interface DeviceFault {
  /** As it is switched on. */
  readonly name: string;
  /** Devices that it can strike; left out: all. */
  fits?(model: Model): boolean;
  /** Devices that it strikes at most; left out: its share. */
  readonly most?: number;
  /**
   * Drafts with the fault in them, endlessly and lazily.
   *
   * @param drafts of a sound device, in the order of their `due`
   */
  strike(drafts: Iterable<Draft>, patient: Patient): Iterable<Draft>;
}
