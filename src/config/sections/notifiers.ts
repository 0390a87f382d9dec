import { z } from "zod";
import type { Secret } from "../secret.ts";
import { flag, text, url } from "./scalars.ts";

/** Where a notification goes. */
export type NotifierConfig =
  /** A line in the gateway's own log. */
  | { readonly kind: "log" }
  | WebhookConfig
  | { readonly kind: "mqtt"; readonly topic: string; readonly retain: boolean };

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
  mqtt: z.strictObject({
    topic: text().describe("Topic, with {severity} {device} {rule}."),
    retain: flag().prefault(false).describe("The broker keeps the last notification."),
  }).optional().describe("A message to the broker."),
});

/** Section `notifiers`. */
export const notifiersSection = z.record(z.string(), notifierSchema).prefault({});

/** One notifier as read. */
export type NotifierDraft = z.output<typeof notifierSchema>;
