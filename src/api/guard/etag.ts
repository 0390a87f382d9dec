import type { MiddlewareHandler } from "hono";
import { createHash } from "node:crypto";
import type { Environment } from "../environment.ts";

/**
 * Names what an answer says (RFC 9110, section 8.8.3), and answers 304 to a client that says it has the same. It is for
 * programs that ask again and again: no cache on the way keeps anything, since every answer says `no-store`.
 *
 * Only whole JSON documents have a name; a problem, a stream or a page has none.
 */
export function etag(): MiddlewareHandler<Environment> {
  return async function etag(c, next): Promise<void> {
    await next();
    const { status, headers } = c.res;
    // A page asks inside: nobody is told anything.
    if (c.env.inside !== undefined) return;
    const isJson = (headers.get("content-type") ?? "").startsWith("application/json");
    if (status !== 200 || !isJson || (c.req.method !== "GET" && c.req.method !== "HEAD")) return;
    const body = await c.res.arrayBuffer();
    const tag = `"${createHash("sha256").update(new Uint8Array(body)).digest("base64url").slice(0, 27)}"`;
    const same = matches(c.req.header("if-none-match"), tag);
    const kept = new Headers(headers);
    kept.set("ETag", tag);
    if (same) kept.delete("content-type");
    c.res = undefined;
    c.res = new Response(same ? null : body, { status: same ? 304 : 200, headers: kept });
  };
}

/** Whether a client has the answer with this tag. The weak comparison: a proxy that compresses makes a tag weak. */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === "*" || header.split(",").some((one) => one.trim().replace(/^W\//, "") === tag);
}
