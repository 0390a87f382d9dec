import { z } from "zod";
import { camel } from "./camel.ts";
import { duration, size } from "./scalars.ts";

/** The local store for charts; `false`: none. */
export type HistoryConfig = false | { readonly maxBytes: number; readonly keep: number };

/** Section `history`. */
export const historySection = z.union([
  z.literal(false),
  camel(z.strictObject({
    max_bytes: size({ min: 1_048_576 }).prefault("512MiB").describe("Most disk space of the local store."),
    keep: duration({ min: 60_000 }).prefault("30d").describe("How long points are kept."),
  })),
]).prefault(false);
