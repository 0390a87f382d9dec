import { z } from "zod";
import type { Secret } from "../secret.ts";
import { type EmailConfig, emailSchema } from "./email.ts";
import { flag, text, url } from "./scalars.ts";
import { type SyslogConfig, syslogSchema } from "./syslog.ts";

/** Where a notification goes. */
export type NotifierConfig =
  /** A line in the gateway's own log. */
  | { readonly kind: "log" }
  | WebhookConfig
  | EmailConfig
  | SyslogConfig
  | AlertTopicConfig;

/** A message to the broker for each notification. */
export interface AlertTopicConfig {
  /** Which kind it is. */
  readonly kind: "mqtt";
  /** Topic with placeholders. */
  readonly topic: string;
  /** The broker keeps the last one of each topic. */
  readonly retain: boolean;
}

/** An HTTP request for each notification. */
export interface WebhookConfig {
  /** Which kind it is. */
  readonly kind: "webhook";
  /** The address; many services put a secret into its path, so it is one. */
  readonly url: Secret;
  /** Scheme, host and port of the address, for logs. */
  readonly origin: string;
  /** Signs the body. */
  readonly secret: Secret | undefined;
  /** Further headers of the request; their values may be credentials. */
  readonly headers: Readonly<Record<string, Secret>>;
}

/** One entry of `notifiers`. */
export const notifierSchema = z.strictObject({
  log: z.strictObject({}).optional().describe("A line in the gateway's own log: log: {}."),
  webhook: z.strictObject({
    url: url(["http", "https"]).describe("Where the notification is posted."),
    secret: text().optional().describe("Signs the body, best as ${NAME}."),
    secret_file: text().optional().describe("File that holds the secret."),
    headers: z.record(z.string(), z.string()).prefault({}).describe("Further headers of the request."),
  }).optional().describe("An HTTP POST."),
  email: emailSchema.optional().describe("A plain text mail."),
  syslog: syslogSchema.optional().describe("A syslog message (RFC 5424)."),
  mqtt: z.strictObject({
    topic: text().describe(
      "Topic with {severity} {device} {rule} {field} {transition}. With retain it should name {rule} and " +
        "{device}: the broker keeps one message a topic.",
    ),
    retain: flag().prefault(false).describe(
      "The broker keeps the latest state of each alert, firing or resolved, for whoever subscribes later.",
    ),
  }).optional().describe("A message to the broker, over a connection of its own."),
});

/** Section `notifiers`. */
export const notifiersSection = z.record(z.string(), notifierSchema).prefault({});

/** One notifier as read. */
export type NotifierDraft = z.output<typeof notifierSchema>;
