import { z } from "zod";
import { camel } from "./camel.ts";
import { duration, size } from "./scalars.ts";

/** The local history; `false`: none. Size in bytes, time in ms. */
export type HistoryConfig = false | { readonly maxBytes: number; readonly keep: number };

/** Section `history`. */
export const historySection = z.union([
  z.literal(false),
  camel(z.strictObject({
    max_bytes: size({ min: 1_048_576 }).prefault("512MiB").describe(
      "Most disk space of the local history; half of buffer.max_bytes at most, within which it lies.",
    ),
    keep: duration({ min: 60_000 }).prefault("30d").describe(
      "How long anything is kept. What is older than a day is kept by the minute, than a week by the quarter of an hour.",
    ),
  })),
]).prefault({});
