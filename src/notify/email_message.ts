// Deferred: the package is loaded with the first mail, not at every start.
import defer * as composer from "nodemailer/lib/mail-composer";
import { rfc3339 } from "../model/mod.ts";
import { delaySeconds, type Notification, notificationId } from "./notification.ts";
import { scrub } from "./scrub.ts";

/** Who writes to whom, as it stands in the mail: `name@host`, or `Name <name@host>`. */
export interface MailHeads {
  /** The sender. */
  readonly from: string;
  /** The readers. */
  readonly to: readonly string[];
}

/**
 * The notification as a plain text mail (RFC 5322).
 *
 * Its Message-ID is made of the key, so a second copy of the same news is recognised by mail programs, too; a
 * `resolved` refers to the Message-ID of its `firing`, so both stand in one thread. The key is a header as well.
 */
export async function emailMessage(notification: Notification, heads: MailHeads): Promise<Uint8Array> {
  const { id, event, sentAt } = notification;
  const host = heads.from.replace(/^.*@/s, "").replace(/[^A-Za-z0-9.-].*$/s, "") || "localhost";
  const messageId = (key: string): string => `<${key}@${host}>`;
  const firing = notificationId({ ...event, transition: "firing" });
  const message = new composer.default({
    from: heads.from,
    to: [...heads.to],
    subject: subjectOf(notification),
    date: new Date(sentAt),
    messageId: messageId(id),
    ...(event.transition === "firing" ? {} : { inReplyTo: messageId(firing), references: messageId(firing) }),
    headers: {
      "Idempotency-Key": id,
      // RFC 3834 §5: no out-of-office answers, please.
      "Auto-Submitted": "auto-generated",
    },
    text: textOf(notification),
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  return await new Promise((resolve, reject) => {
    message.build((error, content) => error === null ? resolve(content) : reject(error));
  });
}

function subjectOf({ event }: Notification): string {
  const what = event.transition === "firing" ? event.severity.toUpperCase() : "Resolved";
  return scrub(`${what}: ${event.summary} (${event.rule})`, []);
}

function textOf(notification: Notification): string {
  const { id, event, attempt } = notification;
  const rows: readonly (readonly [string, string | number | boolean | null | undefined])[] = [
    ["State", event.transition === "firing" ? "firing" : `resolved, ${reasonOf(event.reason)}`],
    ["Severity", event.severity],
    ["Rule", event.rule],
    ["Device", event.device],
    ["Field", event.field],
    ["Value", event.value === null ? null : `${event.value}${event.unit === null ? "" : ` ${event.unit}`}`],
    ["Limit", event.limit],
    ...event.tags.map(([name, value]) => [`Tag ${name}`, value] as const),
    ["Fired at", rfc3339(event.firedAt)],
    [event.transition === "firing" ? "At" : "Resolved at", rfc3339(event.at)],
    ["Received at", rfc3339(event.receivedAt)],
    ["Delay", `${delaySeconds(notification)} s, attempt ${attempt}`],
    ["Key", id],
  ];
  const lines = rows.flatMap(([name, value]) =>
    value === null || value === undefined || value === "" ? [] : [`${`${name}:`.padEnd(14)}${line(value)}`]
  );
  return `${line(event.summary)}\n\n${lines.join("\n")}\n`;
}

function reasonOf(reason: Notification["event"]["reason"]): string {
  return (reason ?? "cleared").replaceAll("_", " ");
}

/** One line, whatever a device calls itself. */
function line(value: string | number | boolean): string {
  // deno-lint-ignore no-control-regex -- taking control characters out is the purpose
  return String(value).toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
}
