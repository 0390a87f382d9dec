import type { Context } from "hono";
import { ownOrigin } from "../auth/loopback.ts";
import type { Environment } from "../environment.ts";
import { ProblemError } from "../problem.ts";

/** The header that our own pages send with whatever changes something. No page of another site can (CORS). */
export const PAGE_HEADER = "x-sluice-request";
/** Its value. */
export const PAGE_HEADER_VALUE = "page";

/** Whether a method changes nothing (RFC 9110, section 9.2.1). */
export function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/**
 * Refuses what a page of another site could make a browser send: the browser adds the cookie by itself (cross-site
 * request forgery), a token it does not.
 *
 * @throws {ProblemError} where the header is missing, or the origin is not ours
 */
export function refuseForgery(c: Context<Environment>): void {
  refuseForeignOrigin(c);
  const found = c.req.header(PAGE_HEADER);
  if (found === PAGE_HEADER_VALUE) return;
  const what = found === undefined
    ? `There is no header "${PAGE_HEADER}"`
    : `The header "${PAGE_HEADER}" is another`;
  throw new ProblemError("not_from_page", {
    detail: `${what}; without a token in the Authorization header, what changes something needs ` +
      `"${PAGE_HEADER}: ${PAGE_HEADER_VALUE}"`,
  });
}

/** Refuses a request that says that it comes from a page of another site. @throws {ProblemError} */
export function refuseForeignOrigin(c: Context<Environment>): void {
  const origin = c.req.header("origin");
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  if (origin === undefined || ownOrigin(host, origin)) return;
  throw new ProblemError("foreign_origin", {
    detail: `The request comes from the web page "${origin}"; only pages of "${host}" may send it`,
  });
}
