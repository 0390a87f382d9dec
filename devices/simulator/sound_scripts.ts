import { Device } from "./device.ts";
import { SOUND, written } from "./faults/draft.ts";
import type { Planned, Script } from "./script.ts";

/** A fleet without faults. */
export interface SoundFleet {
  /** How many. */
  readonly devices: number;
  /** Messages per second of one device. */
  readonly rate: number;
  /** The same seed gives the same messages, relative to the start. */
  readonly seed: number;
}

/** What sound rooms and meters say. */
export function soundScripts({ devices, seed, rate }: SoundFleet): Script[] {
  return Array.from({ length: devices }, (_, index) => ({
    waits: false,
    *open(startedAt): Iterable<Planned> {
      const device = new Device(seed, index, rate);
      while (true) {
        const { elapsed, sequence, fields } = device.take();
        const draft = { due: elapsed, at: elapsed, sequence, fields, label: SOUND };
        const payload = written(draft, device.model, startedAt);
        yield { due: elapsed, topic: device.topic, payload, label: SOUND };
      }
    },
  }));
}
