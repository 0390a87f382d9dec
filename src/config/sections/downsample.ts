import { z } from "zod";
import { duration, issue } from "./scalars.ts";

const DAY = 86_400_000;

const aggregates = z.array(
  z.enum(["mean", "min", "max", "count", "sum", "first", "last", "stddev", "p50", "p90", "p95", "p99"]),
).min(1).superRefine((list, context) => {
  list.forEach((one, index) => {
    if (list.indexOf(one) === index) return;
    issue(context, { reason: "not_allowed", found: one, allowed: "each aggregate once" }, [index]);
  });
});

const every = duration({ min: 1, max: DAY });
const lateness = duration({ max: DAY });
const idleAfter = duration({ min: 1, max: 7 * DAY });
const hold = duration({ max: 7 * DAY });
/** Furthest ahead of its receipt that a reading may be, ms. */
export const maxFuture: z.ZodType<number, unknown> = duration();
/** Oldest that a reading may be at its receipt, ms. */
export const maxAge: z.ZodType<number, unknown> = duration({ min: 1 });

const EVERY = "Length of a window; windows are aligned to the epoch.";
const AGGREGATES = "What is written of a window; each becomes a field, e.g. temperature_mean.";
const LATENESS = "How long a window waits for readings that come out of order.";
const IDLE_AFTER = "A window without news for so long is written, though it may be completed later.";
const HOLD = "How long a written window stays open to late readings, which write it again.";
/** What `maxFuture` is, for people. */
export const MAX_FUTURE = "A reading further ahead of its receipt is refused.";
/** What `maxAge` is, for people. */
export const MAX_AGE = "A reading older than this at its receipt is refused.";

/** Section `downsample`: the defaults that a profile and a field may override. */
export const downsampleSection = z.strictObject({
  every: every.prefault("10s").describe(EVERY),
  aggregates: aggregates.prefault(["mean", "min", "max", "count"]).describe(AGGREGATES),
  lateness: lateness.prefault("2s").describe(LATENESS),
  idle_after: idleAfter.prefault("30s").describe(IDLE_AFTER),
  hold: hold.prefault("30s").describe(HOLD),
  max_future: maxFuture.prefault("5m").describe(MAX_FUTURE),
  max_age: maxAge.prefault("30d").describe(MAX_AGE),
}).prefault({});

/** The windows that apply where nothing else is said, as read. */
export type DownsampleDefaults = z.output<typeof downsampleSection>;

/** `never` is `null`. */
const heartbeat = z.union([z.literal("never").transform(() => null), duration({ min: 1 })]);

const overrides = {
  on: z.literal("change").optional().describe("A reading passes when its value changed."),
  heartbeat: heartbeat.optional().describe(
    "With on: change, an unchanged value passes again when the device reports it this long after the last " +
      "that passed. Default: 5m. never: changes only.",
  ),
  every: every.optional().describe(EVERY),
  aggregates: aggregates.optional().describe(AGGREGATES),
  lateness: lateness.optional().describe(LATENESS),
  idle_after: idleAfter.optional().describe(IDLE_AFTER),
  hold: hold.optional().describe(HOLD),
};

/** `downsample` of a field. */
export const fieldDownsample = z.union([z.literal("none"), z.strictObject(overrides)]);

/** `downsample` of a profile. */
export const profileDownsample = z.union([
  z.literal("none"),
  z.strictObject({
    ...overrides,
    max_future: maxFuture.optional().describe(MAX_FUTURE),
    max_age: maxAge.optional().describe(MAX_AGE),
  }),
]);

/** `downsample` of a field as read. */
export type FieldDownsample = z.output<typeof fieldDownsample>;
