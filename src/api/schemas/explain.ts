import { z } from "@hono/zod-openapi";
import { count, wire } from "./wire.ts";

/** One step of the way of a message or reading. */
export interface ExplainStep {
  /** The word for programs: what the step is about. */
  readonly step: string;
  /** `ok`: it goes on; `refused`: it does not; `info`: it says something beside. */
  readonly outcome: "ok" | "refused" | "info";
  /** The step in a word or two. */
  readonly title: string;
  /** The sentence for people. */
  readonly text: string;
  /** What programs may want of it; all as text. */
  readonly facts: Readonly<Record<string, string>>;
}

/** The way of a message or reading. */
export interface ExplainAnswer {
  /** In the order of the way. */
  readonly steps: readonly ExplainStep[];
  /** Points in line protocol: of a message those that it makes, of a past reading those that it went into. */
  readonly points: readonly string[];
  /** Alerts that it causes. */
  readonly alerts: readonly string[];
}

const step = z.object({
  step: z.string(),
  outcome: z.enum(["ok", "refused", "info"]),
  title: z.string(),
  text: z.string(),
  facts: z.record(z.string(), z.string()),
});

export const ExplainAnswerSchema = wire<ExplainAnswer>()(
  z.object({
    steps: z.array(step).readonly(),
    points: z.array(z.string()).readonly(),
    alerts: z.array(z.string()).readonly(),
  }).openapi("Explanation"),
);

const TOPIC = 'allowed is a topic as a device publishes it, without "+" and "#"';
const TIME = "allowed is a moment with its zone, such as 2026-11-28T14:00:00Z";

const message = z.strictObject({
  topic: z.string().min(1, TOPIC).max(65_535, TOPIC).regex(/^[^+#]*$/, TOPIC),
  payload: z.string(),
  encoding: z.enum(["utf8", "base64"]).default("utf8"),
});
const entry = z.strictObject({ quarantine_id: count });
const reading = z.strictObject({
  device: z.string().min(1),
  time: z.iso.datetime({ offset: true, error: TIME }),
  field: z.string().min(1).optional(),
});

export const ExplainWishSchema = z.union([message, entry, reading], {
  error: "allowed are topic and payload, or quarantine_id, or device and time",
}).openapi("ExplainWish");
