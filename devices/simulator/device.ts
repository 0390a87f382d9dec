import { Dice } from "./dice.ts";
import type { Fields, Model, Source } from "./models/model.ts";
import { ROOMS_AND_METERS } from "./models/registry.ts";

/** A message as a device makes it, before the run's start time is known. */
export interface DeviceMessage {
  /** When it is due, whole ms since the run began. */
  readonly elapsed: number;
  /** The device's count of messages, from 1. */
  readonly sequence: number;
  /** What it measured. */
  readonly fields: Fields;
}

/** Fastest that a device speaks, messages per second: never two in one millisecond. */
const FASTEST = 500;

const SITES = ["north", "south", "yard"] as const;

/** How far from the beat of its cadence a device speaks, as a part of the beat. */
const JITTER = 0.2;

/**
 * One simulated device: an endless list of messages that depends on seed, number and rate alone, so that what was
 * published need not be remembered: a second device of the same numbers says the same.
 */
export class Device {
  /** Device id, e.g. `climate-007`. */
  readonly id: string;
  /** Where it publishes. */
  readonly topic: string;
  /** Name of its profile. */
  readonly profile: string;
  /** What kind of device it is. */
  readonly model: Model;
  /** Mean pause between two messages, ms. */
  readonly interval: number;
  readonly #dice: Dice;
  readonly #source: Source;
  readonly #phase: number;
  #sequence = 0;
  #elapsed = 0;

  /**
   * A device that has said nothing yet.
   *
   * @param seed of the run
   * @param index number of the device, from 0
   * @param rate messages per second of a device of pace 1, at most 500
   * @param mix the kinds of devices, dealt out in turn; each is numbered by itself
   */
  constructor(seed: number, index: number, rate: number, mix: readonly Model[] = ROOMS_AND_METERS) {
    const place = index % mix.length;
    const model = mix[place];
    if (model === undefined) throw new Error("There is no device model");
    const ofKind = (kinds: readonly Model[]): number => kinds.filter((kind) => kind === model).length;
    const before = Math.floor(index / mix.length) * ofKind(mix) + ofKind(mix.slice(0, place));
    this.id = `${model.kind}-${String(before + 1).padStart(3, "0")}`;
    this.profile = model.profile;
    this.topic = `site/${SITES[before % SITES.length]}/${model.kind}/${this.id}`;
    this.model = model;
    this.interval = 1_000 / Math.min(FASTEST, rate * model.pace);
    // Two streams, so that the cadence does not depend on what a model throws.
    this.#dice = new Dice(seed, 2 * index);
    this.#source = model.create(new Dice(seed, 2 * index + 1));
    this.#phase = this.#dice.uniform();
    this.#advance();
  }

  /** When the next message is due, whole ms since the run began. */
  get due(): number {
    return this.#elapsed;
  }

  /** Takes the next message. */
  take(): DeviceMessage {
    const elapsed = this.#elapsed;
    const fields = this.#source.measure(elapsed);
    const message = { elapsed, sequence: this.#sequence, fields };
    this.#advance();
    return message;
  }

  /**
   * What this device sends for a message.
   *
   * @param startedAt wall clock at which the run began, ms
   */
  payload(message: DeviceMessage, startedAt: number): string {
    const { elapsed, sequence, fields } = message;
    return JSON.stringify({ ...this.model.stamp(startedAt + elapsed, sequence), ...fields });
  }

  #advance(): void {
    const beat = (this.#sequence + this.#phase + JITTER * this.#dice.uniform()) * this.interval;
    // At 500 messages/s still 1.6 ms from one to the next: never two in one millisecond, where the second would
    // overwrite the first in any database.
    this.#elapsed = Math.round(beat);
    this.#sequence++;
  }
}
