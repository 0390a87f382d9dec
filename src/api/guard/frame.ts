import type { MiddlewareHandler } from "hono";
import type { Facts, Level } from "../../observe/mod.ts";
import type { Environment } from "../environment.ts";
import { shownPath } from "./shown_path.ts";

/**
 * Headers of every answer (OWASP, "HTTP Headers Cheat Sheet"). No answer is for another site to embed, read or
 * keep; no CORS. A page that needs more than nothing brings a policy of its own.
 */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** Adds those that an answer does not bring by itself. */
export function securityHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    if (!headers.has(name)) headers.set(name, value);
  }
}

/** Takes a named event; `Observer.event` of observe/ fits. */
export type OnEvent = (name: string, level: Level, facts: Facts) => void;

/** What the frame needs of the outside. */
export interface FrameOptions {
  /** A new identifier that no other request has. */
  readonly randomId: () => string;
  /** Monotonic clock, ms. */
  readonly monotonic: () => number;
  readonly onEvent: OnEvent;
}

/** The outermost layer: names each request, puts the security headers on each answer, says what was done. */
export function frame(options: FrameOptions): MiddlewareHandler<Environment> {
  return async function frame(c, next): Promise<void> {
    const id = options.randomId();
    const start = options.monotonic();
    c.set("requestId", id);
    await next();
    const { headers, status } = c.res;
    headers.set("X-Request-Id", id);
    securityHeaders(headers);
    options.onEvent("api_request", "debug", {
      request_id: id,
      method: c.req.method,
      path: shownPath(c.req.path),
      status,
      ms: Math.round(options.monotonic() - start),
      address: c.env.address,
    });
  };
}
