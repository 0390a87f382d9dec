import { z } from "zod";
import type { Secret } from "../secret.ts";
import { camel } from "./camel.ts";
import { duration, text, url, whole } from "./scalars.ts";

/** How points are sent, whatever the version. Times in ms. */
export interface InfluxCommon {
  /** `http://` or `https://`, without user or parameters. */
  readonly url: string;
  /** Points of one request at most, and how long a point waits for company. */
  readonly batch: { readonly maxPoints: number; readonly maxWait: number };
  /** When a request is given up. */
  readonly timeout: number;
  /** First and longest back-off. */
  readonly retry: { readonly initial: number; readonly max: number };
}

/** InfluxDB 2.x, the compatible write endpoint of 3, VictoriaMetrics. */
export interface InfluxV2Config extends InfluxCommon {
  /** Which API is spoken. */
  readonly version: 2;
  /** The organisation. */
  readonly org: string;
  /** The bucket. */
  readonly bucket: string;
  /** The token. */
  readonly token: Secret;
}

/** InfluxDB 1.x. */
export interface InfluxV1Config extends InfluxCommon {
  /** Which API is spoken. */
  readonly version: 1;
  /** The database. */
  readonly database: string;
  /** The retention policy; `undefined`: the database's own. */
  readonly retentionPolicy: string | undefined;
  /** The user; `undefined`: none is named. */
  readonly username: string | undefined;
  /** The password of that user. */
  readonly password: Secret | undefined;
}

/** The database that points go to. */
export type InfluxConfig = InfluxV2Config | InfluxV1Config;

/** Section `influxdb`. */
export const influxdbSection = z.strictObject({
  url: url(["http", "https"]).prefault("http://127.0.0.1:8086").describe("The database."),
  version: z.preprocess((value) => typeof value === "string" ? Number(value) : value, z.literal([2, 1]))
    .prefault(2).describe("2 for InfluxDB 2 and 3 and VictoriaMetrics; 1 for InfluxDB 1."),
  org: text().optional().describe("Version 2: the organisation. VictoriaMetrics takes any."),
  bucket: text().optional().describe("Version 2: the bucket. VictoriaMetrics takes any."),
  token: text().optional().describe("Version 2: the token, best as ${NAME}. VictoriaMetrics takes any."),
  token_file: text().optional().describe("Version 2: file that holds the token."),
  database: text().optional().describe("Version 1: the database."),
  retention_policy: text().optional().describe("Version 1: the retention policy. Default: the database's."),
  username: text().optional().describe("Version 1: the user."),
  password: text().optional().describe("Version 1: the password, best as ${NAME}."),
  password_file: text().optional().describe("Version 1: file that holds the password."),
  batch: camel(z.strictObject({
    max_points: whole(1, 100_000).prefault(5_000).describe("Points of one request at most."),
    max_wait: duration({ max: 600_000 }).prefault("1s").describe("How long a point waits for company."),
  })).prefault({}).describe("How points are gathered into requests."),
  timeout: duration({ min: 100, max: 600_000 }).prefault("10s").describe("When a request is given up."),
  retry: z.strictObject({
    initial: duration({ min: 1, max: 3_600_000 }).prefault("500ms").describe("First back-off."),
    max: duration({ min: 1, max: 3_600_000 }).prefault("60s").describe("Longest back-off."),
  }).prefault({}).describe("Back-off after a failed request, with full jitter."),
}).optional();

/** Section `influxdb` as read. */
export type InfluxDraft = NonNullable<z.output<typeof influxdbSection>>;
