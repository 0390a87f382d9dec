import type { NotifierConfig, NotifierDraft } from "../sections/notifiers.ts";
import { Secret } from "../secret.ts";
import { type Context, secretOf } from "./files.ts";

const KINDS = ["log", "webhook", "mqtt"] as const;

/** One notifier with its secret read; `undefined` where something is wrong. */
export async function resolveNotifier(
  context: Context,
  name: string,
  draft: NotifierDraft,
): Promise<NotifierConfig | undefined> {
  const { source, report } = context;
  const path = ["notifiers", name];
  const given = KINDS.filter((kind) => draft[kind] !== undefined);
  const allowed = "exactly one of log: {}, webhook: {url}";
  if (given.length === 0) {
    report.addAbsence(source, path, "needs_key", { allowed }, "key");
    return undefined;
  }
  if (given.length > 1) {
    report.add(source, path, "not_with", { found: given.join(", "), allowed }, "key");
    return undefined;
  }
  if (draft.log !== undefined) return { kind: "log" };
  if (draft.mqtt !== undefined) return { kind: "mqtt", topic: draft.mqtt.topic, retain: draft.mqtt.retain };
  const webhook = draft.webhook;
  if (webhook === undefined) return undefined;
  for (const [header, value] of Object.entries(webhook.headers)) {
    // RFC 9110 §5.1 and §5.5: a token for the name, visible characters and blanks for the value.
    if (/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(header) && /^[\t\x20-\x7e]*$/.test(value)) continue;
    report.add(source, [...path, "webhook", "headers", header], "bad_header", {
      allowed: "a header name, and a value of printable ASCII",
    });
  }
  return {
    kind: "webhook",
    url: new Secret(webhook.url),
    origin: new URL(webhook.url).origin,
    secret: await secretOf(
      context,
      [...path, "webhook"],
      "secret",
      webhook.secret,
      webhook.secret_file,
    ),
    headers: Object.fromEntries(
      Object.entries(webhook.headers).map(([header, value]) => [header, new Secret(value)]),
    ),
  };
}
