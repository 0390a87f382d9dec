import { Dice } from "./dice.ts";
import type { Fields, Model, Source } from "./models/model.ts";
import { MODELS } from "./models/registry.ts";

/** A message as a device makes it, before the run's start time is known. */
export interface DeviceMessage {
  /** When it is due, whole ms since the run began. */
  readonly elapsed: number;
  /** The device's count of messages, from 1. */
  readonly sequence: number;
  /** What it measured. */
  readonly fields: Fields;
}

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
  readonly #model: Model;
  readonly #dice: Dice;
  readonly #source: Source;
  readonly #interval: number;
  readonly #phase: number;
  #sequence = 0;
  #elapsed = 0;

  /**
   * A device that has said nothing yet.
   *
   * @param seed of the run
   * @param index number of the device, from 0
   * @param rate messages per second, at most 500
   */
  constructor(seed: number, index: number, rate: number) {
    const model = MODELS[index % MODELS.length];
    if (model === undefined) throw new Error("There is no device model");
    const number = String(Math.floor(index / MODELS.length) + 1).padStart(3, "0");
    this.id = `${model.kind}-${number}`;
    this.profile = model.profile;
    this.topic = `site/${SITES[Math.floor(index / MODELS.length) % SITES.length]}/${model.kind}/${this.id}`;
    this.#model = model;
    // Two streams, so that the cadence does not depend on what a model throws.
    this.#dice = new Dice(seed, 2 * index);
    this.#source = model.create(new Dice(seed, 2 * index + 1));
    this.#interval = 1_000 / rate;
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
    return JSON.stringify({ ...this.#model.stamp(startedAt + elapsed, sequence), ...fields });
  }

  #advance(): void {
    const beat = (this.#sequence + this.#phase + JITTER * this.#dice.uniform()) * this.#interval;
    // At 500 messages/s still 1.6 ms from one to the next: never two in one millisecond, where the second would
    // overwrite the first in any database.
    this.#elapsed = Math.round(beat);
    this.#sequence++;
  }
}
