import type { Clock } from "../clock.ts";
import { type AlertEvent, rfc3339 } from "../model/mod.ts";
import { connectionWords } from "./connection_words.ts";
import { delaySeconds, type Notification } from "./notification.ts";
import type { Notifier, SendResult } from "./notifier.ts";
import { encodeSyslog, octetCounted } from "./rfc5424.ts";
import { sendDatagram, sendFrame, type SyslogTls } from "./syslog_socket.ts";
import { withinLimit } from "./time_limit.ts";

/** Where and as whom syslog is written. */
export interface SyslogOptions {
  /** How: a datagram, a stream, or a stream within TLS. */
  readonly protocol: "udp" | "tcp" | "tls";
  /** Host name or IP address; an IPv6 address without its brackets. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** 0 … 23, e.g. 16 for `local0` (RFC 5424 §6.2.1). */
  readonly facility: number;
  /** APP-NAME, printable ASCII. */
  readonly appName: string;
  /** HOSTNAME: who this gateway is. */
  readonly hostname: string;
  /** Certificates, for `tls`. */
  readonly tls: SyslogTls;
  /** How long one attempt may take, ms. */
  readonly timeout: number;
}

/**
 * Largest message, bytes: what rsyslog takes as it comes, and for a datagram what every receiver SHOULD take (RFC
 * 5424 §6.1). Only the text is shortened.
 */
const LARGEST = { udp: 2_048, tcp: 8_192, tls: 8_192 } as const;

/** Tags of a stream that are written, at most. */
const MOST_TAGS = 16;

/** Severities of RFC 5424 §6.2.1: critical, warning, informational; what ended is a notice. */
const SEVERITY = { critical: 2, warning: 4, info: 6 } as const;
const NOTICE = 5;

/**
 * Writes the notification as RFC 5424 syslog, its key in the structured data.
 *
 * Syslog has no answer. Over TCP and TLS each message goes over a connection of its own whose end we close, and it is
 * `sent` when the server has closed its own: by then it has read everything. So a server that was away is simply
 * tried again. Over UDP it is `sent` when the datagram has left, and nobody knows whether it arrived.
 */
export function syslogNotifier(options: SyslogOptions, ports: { readonly clock: Clock }): Notifier {
  const { protocol, host, port, timeout } = options;
  const at = `${protocol}://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const timedOut = `The syslog server at "${at}" did not take the message in ${timeout} ms`;
  return {
    kind: "syslog",
    send: (notification, signal) =>
      withinLimit({ clock: ports.clock, timeout, timedOut }, signal, async (own): Promise<SendResult> => {
        const message = encodeSyslog(syslogMessage(notification, options), LARGEST[protocol]);
        try {
          if (protocol === "udp") await sendDatagram({ host, port }, message, own);
          else {
            const tls = protocol === "tls" ? options.tls : undefined;
            await sendFrame({ host, port }, tls, octetCounted(message), ports.clock, own);
          }
          return { kind: "sent" };
        } catch (error) {
          return {
            kind: "retry",
            text: `The syslog server at "${at}" did not take the message: ${connectionWords(error)}`,
          };
        }
      }),
  };
}

function syslogMessage(
  notification: Notification,
  { facility, hostname, appName }: SyslogOptions,
): Parameters<typeof encodeSyslog>[0] {
  const { event } = notification;
  return {
    facility,
    severity: event.transition === "resolved" ? NOTICE : SEVERITY[event.severity],
    time: rfc3339(event.at) ?? null,
    hostname,
    appName,
    msgId: event.transition,
    // 32473 is the enterprise number that RFC 5612 sets aside for those who have none.
    data: { id: "alert@32473", params: paramsOf(notification, event) },
    text: event.transition === "resolved" ? `resolved: ${event.summary}` : event.summary,
  };
}

function paramsOf(notification: Notification, event: AlertEvent): (readonly [string, string])[] {
  const facts: readonly (readonly [string, string | number | boolean | null | undefined])[] = [
    ["id", notification.id],
    ["transition", event.transition],
    ["reason", event.reason],
    ["rule", event.rule],
    ["severity", event.severity],
    ["device", event.device],
    ["field", event.field],
    ["value", event.value],
    ["unit", event.unit],
    ["limit", event.limit],
    ["at", rfc3339(event.at)],
    ["fired_at", rfc3339(event.firedAt)],
    ["delay_seconds", delaySeconds(notification)],
    ["attempt", notification.attempt],
  ];
  const params = facts.flatMap(([name, value]): (readonly [string, string])[] =>
    value === null || value === undefined ? [] : [[name, String(value)]]
  );
  for (const [name, value] of event.tags.slice(0, MOST_TAGS)) params.push(["tag", `${name}=${value}`]);
  return params;
}
