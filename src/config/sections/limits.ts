import { z } from "zod";
import { camel } from "./camel.ts";
import { rate, size, whole } from "./scalars.ts";

/** Section `limits`. */
export const limitsSection = camel(z.strictObject({
  payload: size({ min: 1, max: 268_435_455 }).prefault("256KiB").describe(
    "Largest payload; of a larger one the beginning goes to the quarantine.",
  ),
  depth: whole(1, 1_000).prefault(32).describe("Levels of nested input."),
  keys: whole(1, 1_000_000).prefault(1_000).describe("Keys of one object."),
  devices: whole(1, 10_000_000).prefault(50_000).describe(
    "Devices known; messages of new ones beyond it go to the quarantine, known ones go on.",
  ),
  series: whole(1, 100_000_000).prefault(500_000).describe(
    "Series known; readings of new ones beyond it are rejected.",
  ),
  windows: whole(1, 100_000_000).prefault(2_000_000).describe(
    "Windows open and held together; beyond it the oldest held are forgotten.",
  ),
  device_rate: rate().transform(({ limit, per }) => limit / (per / 1_000)).prefault("5000/s").describe(
    "Messages of one device; what is beyond it goes to the quarantine and can be replayed.",
  ),
})).prefault({});
