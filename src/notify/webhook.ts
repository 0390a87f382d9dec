import type { Clock } from "../clock.ts";
import { parseRetryAfter } from "../retry/mod.ts";
import { type Notification, notificationJson } from "./notification.ts";
import type { Notifier, SendResult } from "./notifier.ts";
import { scrub, secretsOfHeaders, secretsOfUrl } from "./scrub.ts";
import { webhookSignature } from "./signature.ts";

/** Where and how a webhook is called. */
export interface WebhookOptions {
  /** Address, `http:` or `https:`. Its credentials, path and query are kept out of every text. */
  readonly url: string;
  /** Reads the shared secret anew for each attempt, so that a changed file counts; without it nothing is signed. */
  readonly secret?: () => string;
  /** Headers of the user; ours win over them. Their values are kept out of every text. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long one attempt may take, ms. */
  readonly timeout: number;
}

/** What a webhook needs of the world. */
export interface WebhookPorts {
  /** `fetch`, or what stands in for it. */
  readonly fetcher: (url: string, init: RequestInit) => Promise<Response>;
  /** For the timestamp, the time limit and a `Retry-After` that is a date. */
  readonly clock: Clock;
}

/** Answers after which the same request may succeed later; every 5xx is one too. */
const RETRIED = new Set([408, 425, 429]);

/** How much of a refusal is read, bytes. */
const READ_AT_MOST = 1_024;

/**
 * A POST of the notification as JSON (`notificationJson`), with `Idempotency-Key`, and with
 * `X-Sluice-Timestamp` and `X-Sluice-Signature` (`webhookSignature`) where there is a secret.
 *
 * 2xx is `sent`; 408, 425, 429, 5xx, a time-out, a redirect and an unreachable server are `retry`, with their
 * `Retry-After` (RFC 9110 §10.2.3) if they name one; every other answer is `give_up`. Redirects are never
 * followed: they would carry the signed body to an address that nobody configured.
 */
export function webhookNotifier(options: WebhookOptions, ports: WebhookPorts): Notifier {
  const url = new URL(options.url);
  const hidden = [...secretsOfUrl(url), ...secretsOfHeaders(options.headers)];
  return {
    kind: "webhook",
    send: (notification, signal) => attempt(notification, signal, options, ports, url, hidden),
  };
}

async function attempt(
  notification: Notification,
  signal: AbortSignal,
  options: WebhookOptions,
  { fetcher, clock }: WebhookPorts,
  url: URL,
  hidden: readonly string[],
): Promise<SendResult> {
  const secrets = [...hidden];
  const own = new AbortController();
  const abort = (): void => own.abort();
  let timedOut = false;
  const timer = clock.after(options.timeout, () => {
    timedOut = true;
    abort();
  });
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  try {
    const body = notificationJson(notification);
    const headers = new Headers(options.headers);
    headers.set("Content-Type", "application/json");
    headers.set("User-Agent", "sluice");
    headers.set("Idempotency-Key", notification.id);
    if (options.secret !== undefined) {
      const secret = options.secret();
      secrets.push(secret);
      const timestamp = String(Math.floor(notification.sentAt / 1_000));
      headers.set("X-Sluice-Timestamp", timestamp);
      headers.set("X-Sluice-Signature", webhookSignature(secret, timestamp, body));
    }
    const response = await fetcher(url.href, {
      method: "POST",
      headers,
      body,
      redirect: "error",
      signal: own.signal,
    });
    return await judge(response, url, clock, secrets);
  } catch (error) {
    if (timedOut) {
      return {
        kind: "retry",
        text: `The webhook at "${url.origin}" gave no answer in ${options.timeout} ms`,
      };
    }
    if (signal.aborted) return { kind: "retry", text: "The attempt was broken off by the gateway's stop" };
    return {
      kind: "retry",
      text: `The webhook at "${url.origin}" failed: ${scrub(wordsOf(error), secrets)}`,
    };
  } finally {
    timer.cancel();
    signal.removeEventListener("abort", abort);
  }
}

async function judge(response: Response, url: URL, clock: Clock, secrets: string[]): Promise<SendResult> {
  const { status } = response;
  if (response.ok) {
    await response.body?.cancel();
    return { kind: "sent" };
  }
  const words = scrub(await beginning(response), secrets);
  const text = `The webhook at "${url.origin}" answered ${status}${words === "" ? "" : `: "${words}"`}`;
  if (status < 500 && !RETRIED.has(status)) return { kind: "give_up", text };
  const after = parseRetryAfter(response.headers.get("Retry-After"), clock.wall());
  return after === undefined ? { kind: "retry", text } : { kind: "retry", after, text };
}

/** The first bytes of an answer as text; a body of any length costs no more. */
async function beginning(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk.subarray(0, READ_AT_MOST - bytes), { stream: true });
    bytes += chunk.length;
    // Leaving the loop cancels the rest of the body.
    if (bytes >= READ_AT_MOST) break;
  }
  return text;
}

/** What a failed fetch says; Deno puts the cause of an unreachable server one level down. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
