import type { z } from "zod";
import { readWith } from "./issues.ts";
import { didYouMean } from "./nearest.ts";
import type { Report } from "./report.ts";
import { configSchema } from "./schema.ts";
import { type AlertDraft, alertSchema } from "./sections/alerts.ts";
import { type NotifierDraft, notifierSchema } from "./sections/notifiers.ts";
import { subscriptionSchema, subscriptionsSchema, subscriptionsSection } from "./sections/subscriptions.ts";
import type { SourceFile } from "./source_file.ts";

type Shape = typeof configSchema.shape;
type Section<K extends keyof Shape> = z.output<Shape[K]> | undefined;

/**
 * The sections of a configuration as read: each for itself, so that one bad section does not keep the others
 * from being judged. `undefined`: left out, or wrong and reported.
 */
export interface Sections {
  readonly gateway: Section<"gateway">;
  readonly mqtt: Section<"mqtt">;
  readonly subscriptions: readonly (z.output<typeof subscriptionSchema> | undefined)[];
  readonly learn: Section<"learn">;
  readonly profilesDir: Section<"profiles_dir">;
  readonly downsample: Section<"downsample">;
  readonly buffer: Section<"buffer">;
  readonly limits: Section<"limits">;
  readonly privacy: Section<"privacy">;
  readonly influxdb: Section<"influxdb">;
  readonly alerts: readonly (AlertDraft | undefined)[];
  readonly notifiers: ReadonlyMap<string, NotifierDraft | undefined>;
  readonly api: Section<"api">;
  readonly history: Section<"history">;
  readonly log: Section<"log">;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads the sections and reports everything that the schema alone can tell. */
export function readSections(source: SourceFile, report: Report): Sections {
  const { shape } = configSchema;
  const root = isMapping(source.value) ? source.value : {};
  if (source.value !== undefined && !isMapping(source.value)) {
    report.add(source, [], "wrong_type", { allowed: "a mapping of sections" });
  }
  for (const key of Object.keys(root)) {
    if (Object.hasOwn(shape, key)) continue;
    const hint = didYouMean(key, Object.keys(shape));
    const allowed = hint === undefined ? Object.keys(shape).join(", ") : undefined;
    report.add(source, [key], "unknown_key", { found: key, allowed, hint }, "key");
  }
  const read = <T>(key: string, schema: z.ZodType<T>): T | undefined =>
    readWith(source, report, [key], schema, root[key]);
  const list = <T>(key: string, whole: z.ZodType<unknown>, entry: z.ZodType<T>): (T | undefined)[] => {
    const value = root[key];
    if (Array.isArray(value) && value.length > 0) {
      return value.map((one, index) => readWith(source, report, [key, index], entry, one));
    }
    readWith(source, report, [key], whole, value);
    return [];
  };
  const notifiers = isMapping(root.notifiers) ? root.notifiers : {};
  if (root.notifiers !== undefined && !isMapping(root.notifiers)) read("notifiers", shape.notifiers);
  const learn = read("learn", shape.learn);
  // Who learns may begin with nothing.
  const subscriptions = learn === undefined || learn.length > 0 ? subscriptionsSchema : subscriptionsSection;
  return {
    gateway: read("gateway", shape.gateway),
    mqtt: read("mqtt", shape.mqtt),
    subscriptions: list("subscriptions", subscriptions, subscriptionSchema),
    learn,
    profilesDir: read("profiles_dir", shape.profiles_dir),
    downsample: read("downsample", shape.downsample),
    buffer: read("buffer", shape.buffer),
    limits: read("limits", shape.limits),
    privacy: read("privacy", shape.privacy),
    influxdb: read("influxdb", shape.influxdb),
    alerts: list("alerts", shape.alerts, alertSchema),
    notifiers: new Map(
      Object.entries(notifiers).map(([name, one]) => [
        name,
        readWith(source, report, ["notifiers", name], notifierSchema, one),
      ]),
    ),
    api: read("api", shape.api),
    history: read("history", shape.history),
    log: read("log", shape.log),
  };
}
