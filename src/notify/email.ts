import type { Clock } from "../clock.ts";
import { connectionWords } from "./connection_words.ts";
import { emailMessage, type MailHeads } from "./email_message.ts";
import type { Notification } from "./notification.ts";
import type { Notifier, SendResult } from "./notifier.ts";
import { scrub } from "./scrub.ts";
import { sendMail, SmtpFailure, type SmtpOutcome, type SmtpRefusal, type SmtpServer } from "./smtp.ts";
import { withinLimit } from "./time_limit.ts";

/** Who writes to whom, through which server. */
export interface EmailOptions extends MailHeads {
  /** The server that takes the mail. */
  readonly server: SmtpServer;
  /** How long one attempt may take, ms. */
  readonly timeout: number;
}

/** Notifications of which it is remembered who has them already. */
const REMEMBERED = 1_000;

/** A 5xx that says nothing against the mail: the session was out of step (RFC 5321 §4.2.2). */
const OUT_OF_STEP = 503;

/** Refusals that concern the account and not the mail (RFC 4954 §6): it goes through when that is put right. */
const ACCOUNT = new Set([530, 534, 535, 538]);

/**
 * Sends the notification as a plain text mail, its key in a header.
 *
 * Taken for all recipients is `sent`. A server that is away, 4xx, and whatever is wrong with TLS or the account is
 * `retry`; 5xx to the mail is `give_up`. Where a server takes a mail for some recipients only, the next attempt goes
 * to the others alone, as long as this process remembers.
 */
export function emailNotifier(options: EmailOptions, ports: { readonly clock: Clock }): Notifier {
  const { host, port } = options.server;
  const at = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const timedOut = `The mail server at "${at}" did not take the mail in ${options.timeout} ms`;
  const served = new Map<string, Set<string>>();
  return {
    kind: "email",
    send: (notification, signal) =>
      withinLimit({ clock: ports.clock, timeout: options.timeout, timedOut }, signal, async (own) => {
        let secret = "";
        const { password } = options.server;
        const server = password === undefined
          ? options.server
          : { ...options.server, password: async () => secret = await password() };
        try {
          return await attempt(notification, { ...options, server }, at, served, own);
        } catch (error) {
          return failed(error, options.server, at, secret);
        }
      }),
  };
}

async function attempt(
  notification: Notification,
  { server, ...heads }: EmailOptions,
  at: string,
  served: Map<string, Set<string>>,
  signal: AbortSignal,
): Promise<SendResult> {
  const { id } = notification;
  const done = served.get(id) ?? new Set<string>();
  const to = heads.to.map(plainAddress).filter((address) => !done.has(address));
  const message = await emailMessage(notification, heads);
  const outcome = await sendMail(server, { from: plainAddress(heads.from), to }, message, signal);
  for (const address of outcome.accepted) done.add(address);
  const result = resultOf(outcome, at);
  if (result.kind === "retry" && done.size > 0) remember(served, id, done);
  else served.delete(id);
  return result;
}

/** One recipient who is refused for good does not keep the others from a further attempt. */
function resultOf({ accepted, refused }: SmtpOutcome, at: string): SendResult {
  const [first] = refused;
  if (first === undefined) return { kind: "sent" };
  const others = accepted.length > 0 ? "; the other recipients have it" : "";
  const text = (one: SmtpRefusal): string =>
    `The mail server at "${at}" refused the recipient "${one.recipient}": "${scrub(one.words, [])}"${others}`;
  const later = refused.find(({ reply }) => !forGood(reply));
  return later === undefined ? { kind: "give_up", text: text(first) } : { kind: "retry", text: text(later) };
}

function forGood(reply: number): boolean {
  return reply >= 500 && reply !== OUT_OF_STEP && !ACCOUNT.has(reply);
}

function failed(error: unknown, server: SmtpServer, at: string, secret: string): SendResult {
  const start = `The mail server at "${at}"`;
  if (!(error instanceof SmtpFailure)) {
    const words = error instanceof Error ? error.message : String(error);
    return { kind: "retry", text: `The mail could not be made: ${scrub(words, [secret])}` };
  }
  const { stage, reply, code } = error;
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(secret)));
  const said = scrub(replyOf(error), [secret, base64]);
  if (stage === "login" || (reply !== undefined && ACCOUNT.has(reply))) {
    const user = server.username === undefined ? "no user" : `user "${server.username}"`;
    const text = `${start} refuses ${user}: "${said}"; check username and password_file`;
    return { kind: "retry", text };
  }
  if (stage === "message" && reply !== undefined) {
    const text = `${start} refused the mail: "${said}"`;
    return forGood(reply) ? { kind: "give_up", text } : { kind: "retry", text };
  }
  if (server.tls === "starttls" && code === "ETLS" && reply !== undefined) {
    const text =
      `${start} offers no STARTTLS: "${said}"; set tls: tls for a server that speaks it from the ` +
      `first byte, or tls: none to send in clear`;
    return { kind: "retry", text };
  }
  if (reply !== undefined) return { kind: "retry", text: `${start} turned the gateway away: "${said}"` };
  return { kind: "retry", text: `${start} cannot be used: ${connectionWords(error.cause, code)}` };
}

/** What the server said, or what the library says of it. */
function replyOf({ cause, message }: SmtpFailure): string {
  const response = cause instanceof Error && "response" in cause ? cause.response : undefined;
  return typeof response === "string" ? response : message;
}

function remember(served: Map<string, Set<string>>, id: string, done: Set<string>): void {
  served.delete(id);
  served.set(id, done);
  const [oldest] = served.keys();
  if (served.size > REMEMBERED && oldest !== undefined) served.delete(oldest);
}

/** `Name <name@host>` → `name@host`. */
function plainAddress(address: string): string {
  return /<([^<>]+)>\s*$/.exec(address)?.[1] ?? address.trim();
}
