import { z } from "zod";
import { camel } from "./camel.ts";
import type { Secret } from "../secret.ts";
import { duration, size, text } from "./scalars.ts";

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
  /** What is written to the inbox together is compressed as one. */
  readonly compressInbox: boolean;
  /** Files of the inbox that are no longer needed are written over instead of removed. */
  readonly prepareSegments: boolean;
  /** When the state of the pipeline is written down. */
  readonly checkpoint: {
    /** After the inbox grew by so much. */
    readonly afterBytes: number;
    /** At the latest so long after a change, ms. */
    readonly atMost: number;
  };
  /** How long raw messages are kept after processing, ms; 0: not at all. */
  readonly archive: number;
  /** With which keys journals and checkpoint are encrypted; `undefined`: they are not. */
  readonly encryptAtRest: EncryptionConfig | undefined;
}

/** Keys of the data folder; `parseEncryptionKey` reads their texts. */
export interface EncryptionConfig {
  /** The key for what is new; `undefined`: that is not encrypted. */
  readonly key: Secret | undefined;
  /** Keys for what is there already. */
  readonly formerKeys: readonly Secret[];
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
  compress_inbox: z.boolean().prefault(false).describe(
    "Messages that go to disk together are compressed as one (zstd): some fifth of the bytes, for the sake of flash. " +
      "A damaged byte then costs all of them, up to 1 MiB, instead of one message.",
  ),
  prepare_segments: z.boolean().prefault(false).describe(
    "A file of the inbox that is no longer needed is kept and written over as the next: its size and place stay, so " +
      "that each fdatasync writes less (ext4: a fourth of the bytes for a message that comes alone) and is faster. One " +
      "file more takes space. Versions of Sluice without this option refuse a folder that was written with it.",
  ),
  checkpoint: camel(z.strictObject({
    after_bytes: size({ min: 1_024 }).prefault("16MiB").describe("When the inbox grew by so much."),
    at_most: duration({ min: 100, max: 86_400_000 }).prefault("5m").describe("So long after a change."),
  })).prefault({}).describe("When the state of the pipeline is written down."),
  archive: duration().prefault("0s").describe(
    "How long raw messages are kept after processing, for replay; within max_bytes and sacrificed first.",
  ),
  encrypt_at_rest: z.union([
    z.literal(false),
    z.strictObject({
      key_file: text().optional().describe(
        "File with the key for what is written from now on: 32 random bytes on one line, as base64 or hexadecimal " +
          "digits (main.ts key makes one). Left out: what is new is not encrypted.",
      ),
      former_key_files: z.array(text()).prefault([]).describe(
        "Files of keys that were in force before: needed as long as the data folder holds what they encrypt.",
      ),
    }),
  ]).prefault(false).describe(
    "Journals and checkpoint encrypted with AES-256-GCM. It may be switched on and off, and keys may change, on a " +
      "folder that is there. The local history is not encrypted by it.",
  ),
})).prefault({});
