import { z } from "zod";
import { camel } from "./camel.ts";
import { duration, size } from "./scalars.ts";

/** How much is kept on disk, and how safely. Sizes in bytes, times in ms. */
export interface BufferConfig {
  /** Most disk space of all journals together. */
  readonly maxBytes: number;
  /** What is older is given up, ms. */
  readonly maxAge: number;
  /** What happens when the space is used up. */
  readonly whenFull: "drop_oldest" | "block";
  /** When a message counts as written. */
  readonly durability: "fsync" | "interval";
  /** With `durability: interval`: at most so far behind, ms. */
  readonly every: number;
  /** When the state of the pipeline is written down. */
  readonly checkpoint: {
    /** After the inbox grew by so much. */
    readonly afterBytes: number;
    /** At the latest so long after a change, ms. */
    readonly atMost: number;
  };
  /** How long raw messages are kept after processing, ms; 0: not at all. */
  readonly archive: number;
}

/** Section `buffer`. */
export const bufferSection = camel(z.strictObject({
  max_bytes: size({ min: 1_048_576 }).prefault("1GiB").describe("Most disk space of all journals together."),
  max_age: duration({ min: 1_000 }).prefault("7d").describe("What is older is given up and counted."),
  when_full: z.enum(["drop_oldest", "block"]).prefault("drop_oldest").describe(
    "drop_oldest gives up the oldest undelivered points; block stops taking messages, the broker keeps them.",
  ),
  durability: z.enum(["fsync", "interval"]).prefault("fsync").describe(
    "fsync acknowledges a message only when it is on disk; interval may lose the last moments in a power cut.",
  ),
  every: duration({ min: 10, max: 60_000 }).prefault("1s").describe("With durability: interval, how often."),
  checkpoint: camel(z.strictObject({
    after_bytes: size({ min: 1_024 }).prefault("16MiB").describe("When the inbox grew by so much."),
    at_most: duration({ min: 100, max: 86_400_000 }).prefault("5m").describe("So long after a change."),
  })).prefault({}).describe("When the state of the pipeline is written down."),
  archive: duration().prefault("0s").describe(
    "How long raw messages are kept after processing, for replay; within max_bytes and sacrificed first.",
  ),
})).prefault({});
