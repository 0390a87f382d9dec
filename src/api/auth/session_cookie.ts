import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Environment } from "../environment.ts";

/** Name of the cookie that holds a session's id. */
export const SESSION_COOKIE = "sluice_session";

/** The session's id that a request brings. */
export function sessionIdOf(c: Context<Environment>): string | undefined {
  return getCookie(c, SESSION_COOKIE);
}

/**
 * Hands a session's id to the browser: no script reads it, no other site sends it (RFC 6265bis, `SameSite=Strict`), and
 * where the page came over HTTPS it never goes out in clear.
 *
 * @param seconds how long the browser keeps it
 */
export function giveSession(c: Context<Environment>, id: string, seconds: number): void {
  setCookie(c, SESSION_COOKIE, id, { ...attributes(c), maxAge: seconds });
}

/** Takes the id back from the browser. */
export function takeSession(c: Context<Environment>): void {
  deleteCookie(c, SESSION_COOKIE, attributes(c));
}

function attributes(c: Context<Environment>): {
  path: string;
  httpOnly: boolean;
  sameSite: "Strict";
  secure: boolean;
} {
  // A proxy in front of us that speaks HTTPS says so; whoever lies about it only keeps their own cookie from themselves.
  const secure = new URL(c.req.url).protocol === "https:" || c.req.header("x-forwarded-proto") === "https";
  return { path: "/", httpOnly: true, sameSite: "Strict", secure };
}
