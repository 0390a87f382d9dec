import { z } from "zod";
import { alertsSection } from "./sections/alerts.ts";
import { apiSection } from "./sections/api.ts";
import { bufferSection } from "./sections/buffer.ts";
import { downsampleSection } from "./sections/downsample.ts";
import { gatewaySection } from "./sections/gateway.ts";
import { historySection } from "./sections/history.ts";
import { influxdbSection } from "./sections/influxdb.ts";
import { learnSection } from "./sections/learn.ts";
import { limitsSection } from "./sections/limits.ts";
import { logSection } from "./sections/log.ts";
import { mqttSection } from "./sections/mqtt.ts";
import { notifiersSection } from "./sections/notifiers.ts";
import { privacySection } from "./sections/privacy.ts";
import { profilesDirSection, subscriptionsSchema } from "./sections/subscriptions.ts";

/** The whole configuration file: one key a section. */
export const configSchema = z.strictObject({
  gateway: gatewaySection.describe("This gateway."),
  mqtt: mqttSection.describe("The session with the broker."),
  subscriptions: subscriptionsSchema.describe(
    "What is subscribed to and how it is read; the first that matches a topic wins.",
  ),
  learn: learnSection.describe(
    "Listens to what no subscription takes as well, counts it as filtered, and proposes profiles and subscriptions " +
      "for it: true for every topic, or {topics: [filters]}. With it, subscriptions may be left out.",
  ),
  profiles_dir: profilesDirSection.describe(
    "Folder of the device profiles, *.yaml. A relative path starts at the folder of this file.",
  ),
  downsample: downsampleSection.describe("Defaults of the windows; a profile and a field may override them."),
  buffer: bufferSection.describe("What is kept on disk, and how safely."),
  limits: limitsSection.describe("What is taken at most."),
  privacy: privacySection.describe(
    "Personal data: the key of hashes. What is redacted, profiles and subscriptions say.",
  ),
  influxdb: influxdbSection.describe("The database. Left out: nothing is forwarded."),
  alerts: alertsSection.describe("Rules that watch every reading at full rate."),
  notifiers: notifiersSection.describe("Who hears of alerts, by name."),
  api: apiSection.describe("The HTTP API and the pages."),
  history: historySection.describe(
    "The local history: what charts and trials of rules are drawn from. false: none. It is not encrypted: left out, there " +
      "is none with buffer.encrypt_at_rest.",
  ),
  log: logSection.describe("The gateway's own log."),
});
