import { z } from "zod";
import type { Secret } from "../secret.ts";
import { issue, text, url } from "./scalars.ts";

/** A syslog message (RFC 5424) for each notification. */
export interface SyslogConfig {
  /** Which kind it is. */
  readonly kind: "syslog";
  /** How the server is spoken to. */
  readonly protocol: "udp" | "tcp" | "tls";
  /** Host of the syslog server. */
  readonly host: string;
  /** Its port. */
  readonly port: number;
  /** Number of the facility, 0 … 23. */
  readonly facility: number;
  /** Name of the program in the messages. */
  readonly appName: string;
  /** Authorities to trust instead of the system's, as PEM. */
  readonly ca: string | undefined;
  /** Certificate of this gateway, as PEM. */
  readonly cert: string | undefined;
  /** Private key of that certificate. */
  readonly key: Secret | undefined;
  /** Name that the server's certificate must carry, where it is not the host. */
  readonly serverName: string | undefined;
}

/** The facilities by number (RFC 5424 §6.2.1, names as in rsyslog). */
export const FACILITIES = [
  ...["kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp"],
  ...["ntp", "audit", "alert", "clock"],
  ...["local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"],
] as const;

const server = url(["udp", "tcp", "tls"]).superRefine((value, context) => {
  if (!URL.canParse(value) || !/^(udp|tcp|tls):/.test(value)) return;
  const { pathname } = new URL(value);
  if (pathname === "" || pathname === "/") return;
  issue(context, { reason: "bad_url", found: value, allowed: "scheme, host and port without a path" });
});

const appName = text().superRefine((value, context) => {
  if (value === "" || /^[\x21-\x7e]{1,48}$/.test(value)) return;
  issue(context, {
    reason: "not_allowed",
    found: value,
    allowed: "1 to 48 printable characters of ASCII without spaces",
  });
});

/** `notifiers.*.syslog`. */
export const syslogSchema = z.strictObject({
  server: server.describe(
    "udp://host:514 (nobody knows whether it arrives), tcp://host:514 or tls://host:6514.",
  ),
  facility: z.enum(FACILITIES).prefault("local0").describe("Facility of the messages."),
  app_name: appName.prefault("sluice").describe("Name of the program in the messages."),
  ca_file: text().optional().describe("Certificates (PEM) to trust instead of the system's, for tls://."),
  cert_file: text().optional().describe("Certificate (PEM) of this gateway, for tls://."),
  key_file: text().optional().describe("Private key (PEM) of that certificate."),
  server_name: text().optional().describe("Name in the server's certificate. Default: the host."),
});

/** `notifiers.*.syslog` as read. */
export type SyslogDraft = z.output<typeof syslogSchema>;
