import { createHmac } from "node:crypto";

/**
 * The signature of a webhook: `sha256=` and the hex digits of HMAC-SHA-256 (RFC 2104) with the shared secret
 * over the timestamp, a full stop and the body as it was sent.
 *
 * To verify: take `X-Sluice-Timestamp` and the raw body before parsing it, compute the same, compare in
 * constant time with `X-Sluice-Signature`, and refuse a timestamp more than five minutes from your own clock, so
 * that nobody can play back an old request.
 *
 * @param secret the shared secret
 * @param timestamp the header's digits: seconds since 1970-01-01T00:00:00Z
 * @param body the body as sent, UTF-8
 */
export function webhookSignature(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
}
