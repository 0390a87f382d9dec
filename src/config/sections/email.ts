import { z } from "zod";
import type { Secret } from "../secret.ts";
import { issue, text, url } from "./scalars.ts";

/** A plain text mail for each notification. */
export interface EmailConfig {
  /** Which kind it is. */
  readonly kind: "email";
  /** Host of the mail server. */
  readonly host: string;
  /** Its port. */
  readonly port: number;
  /** How the connection is encrypted. */
  readonly tls: "starttls" | "tls" | "none";
  /** Authorities to trust instead of the system's, as PEM. */
  readonly ca: string | undefined;
  /** The sender, `name@host` or `Name <name@host>`. */
  readonly from: string;
  /** The readers. */
  readonly to: readonly string[];
  /** User at the mail server. */
  readonly username: string | undefined;
  /** Password at the mail server. */
  readonly password: Secret | undefined;
}

/** A mail address as RFC 5321 §4.1.2 has it, but for quoted and literal forms that nobody uses. */
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/;
/** `Name <name@host>`; the name in quotes or without characters of its own meaning. */
const NAMED = /^(?:"[^"\\<>\r\n]*"|[^"<>(),:;@\\\r\n]+?)\s*<([^<>]+)>$/;

function mailAddress(): z.ZodType<string, string> {
  return text().superRefine((value, context) => {
    if (value === "" || ADDRESS.test(NAMED.exec(value)?.[1] ?? value)) return;
    issue(context, {
      reason: "bad_mail_address",
      found: value,
      allowed: "name@host or Name <name@host>",
    });
  });
}

/** `notifiers.*.email`. */
export const emailSchema = z.strictObject({
  smtp: url(["smtp"]).describe(
    "The mail server, smtp://host:port. Default port: 587 with starttls, 465 with tls, 25 with none.",
  ),
  from: mailAddress().describe("The sender: name@host or Name <name@host>."),
  to: z.array(mailAddress()).min(1).describe("The readers."),
  username: text().optional().describe("User at the mail server."),
  password: text().optional().describe("Password at the mail server, best as ${NAME}."),
  password_file: text().optional().describe("File that holds the password."),
  tls: z.enum(["starttls", "tls", "none"]).prefault("starttls").describe(
    "starttls demands the upgrade, tls encrypts from the first byte, none sends in clear.",
  ),
  ca_file: text().optional().describe("Certificates (PEM) to trust instead of the system's."),
});

/** `notifiers.*.email` as read. */
export type EmailDraft = z.output<typeof emailSchema>;
