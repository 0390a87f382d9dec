import { checkAlertTopic } from "../checks/alert_topic.ts";
import type { KeyPath } from "../key_path.ts";
import type { NotifierConfig, NotifierDraft, WebhookConfig } from "../sections/notifiers.ts";
import { Secret } from "../secret.ts";
import { resolveEmail } from "./email.ts";
import { type Context, secretOf } from "./files.ts";
import { resolveSyslog } from "./syslog.ts";

const KINDS = ["log", "webhook", "email", "syslog", "mqtt"] as const;

/** One notifier with its secret read; `undefined` where something is wrong. */
export async function resolveNotifier(
  context: Context,
  name: string,
  draft: NotifierDraft,
): Promise<NotifierConfig | undefined> {
  const { source, report } = context;
  const path = ["notifiers", name];
  const given = KINDS.filter((kind) => draft[kind] !== undefined);
  const allowed =
    "exactly one of log: {}, webhook: {url}, email: {smtp, from, to}, syslog: {server}, mqtt: {topic}";
  if (given.length === 0) {
    report.addAbsence(source, path, "needs_key", { allowed }, "key");
    return undefined;
  }
  if (given.length > 1) {
    report.add(source, path, "not_with", { found: given.join(", "), allowed }, "key");
    return undefined;
  }
  const { log, webhook, email, syslog, mqtt } = draft;
  if (log !== undefined) return { kind: "log" };
  if (webhook !== undefined) return await resolveWebhook(context, [...path, "webhook"], webhook);
  if (email !== undefined) return await resolveEmail(context, [...path, "email"], email);
  if (syslog !== undefined) return await resolveSyslog(context, [...path, "syslog"], syslog);
  if (mqtt === undefined) return undefined;
  checkAlertTopic(source, report, [...path, "mqtt"], mqtt.topic, mqtt.retain);
  return { kind: "mqtt", topic: mqtt.topic, retain: mqtt.retain };
}

async function resolveWebhook(
  context: Context,
  path: KeyPath,
  webhook: NonNullable<NotifierDraft["webhook"]>,
): Promise<WebhookConfig> {
  const { source, report } = context;
  for (const [header, value] of Object.entries(webhook.headers)) {
    // RFC 9110 §5.1 and §5.5: a token for the name, visible characters and blanks for the value.
    if (/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(header) && /^[\t\x20-\x7e]*$/.test(value)) continue;
    report.add(source, [...path, "headers", header], "bad_header", {
      allowed: "a header name, and a value of printable ASCII",
    });
  }
  return {
    kind: "webhook",
    url: new Secret(webhook.url),
    origin: new URL(webhook.url).origin,
    secret: await secretOf(context, path, "secret", webhook.secret, webhook.secret_file),
    headers: Object.fromEntries(
      Object.entries(webhook.headers).map(([header, value]) => [header, new Secret(value)]),
    ),
  };
}
