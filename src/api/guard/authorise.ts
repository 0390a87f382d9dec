import type { Context, MiddlewareHandler } from "hono";
import type { Doorkeeper } from "../auth/doorkeeper.ts";
import { foreign } from "../auth/loopback.ts";
import type { Principal, WhyAnonymous } from "../auth/principal.ts";
import { covers } from "../auth/role.ts";
import type { Environment } from "../environment.ts";
import { ProblemError } from "../problem.ts";
import type { RouteAccess } from "../route.ts";
import { answeringRoute } from "./answering_route.ts";
import { isSafe, refuseForgery } from "./from_page.ts";
import type { RateLimiter } from "./rate_limit.ts";

/** Who gets in. */
export interface Access {
  readonly doorkeeper: Doorkeeper;
  /** The role of `GET /path`, by method and routing path. */
  readonly roles: ReadonlyMap<string, RouteAccess>;
  readonly limiter: RateLimiter;
}

/** Lets a request through where its caller has the role that its route declares, and not too often. */
export function authorise(access: Access): MiddlewareHandler<Environment> {
  const { doorkeeper, limiter } = access;
  return async function authorise(c, next): Promise<Response | void> {
    const { inside } = c.env;
    if (doorkeeper.open && inside === undefined) refuseForeign(c);
    const { role, local = false } = accessOf(c, access.roles) ?? {};
    const needsNone = role === undefined || role === "none";
    const principal: Principal = inside ??
      (needsNone ? { kind: "anonymous", why: "missing" } : doorkeeper.identify(c));
    c.set("principal", principal);
    if (inside === undefined) refuseFlood(limiter, callerOf(principal, c));
    if (!needsNone) {
      if (principal.kind === "anonymous") {
        if (wantsPage(c)) return c.redirect(signInFor(c), 303);
        throw unauthenticated(principal.why);
      }
      if (!covers(principal.role, role) && !(local && principal.kind === "local")) {
        const who = principal.kind === "local" ? "Without a token one" : `The token "${principal.name}"`;
        throw new ProblemError("forbidden", {
          detail: `${who} has the role "${principal.role}"; this needs a token with the role "${role}"`,
        });
      }
      c.set("stillIn", doorkeeper.stillIn(c));
      if (!isSafe(c.req.method) && principal.kind !== "token") refuseForgery(c);
    }
    await next();
  };
}

/** Who may call the route that will answer; `undefined` where none will. A route without a role is closed. */
function accessOf(
  c: Context<Environment>,
  roles: ReadonlyMap<string, RouteAccess>,
): RouteAccess | undefined {
  const route = answeringRoute(c);
  if (route === undefined) return undefined;
  const access = roles.get(`${route.method} ${route.path}`);
  if (access?.role === undefined) {
    throw new ProblemError("forbidden", { detail: "The route declares no role, so it is closed" });
  }
  return access;
}

/** Whether a person at a browser asks, who can be sent to sign in: a program is told so instead. */
function wantsPage(c: Context<Environment>): boolean {
  return isSafe(c.req.method) && c.req.header("authorization") === undefined &&
    !c.req.path.startsWith("/api/") && /\btext\/html\b/i.test(c.req.header("accept") ?? "");
}

/** Where one signs in, and then goes on to what was asked for. */
function signInFor(c: Context<Environment>): string {
  const { pathname, search } = new URL(c.req.url);
  return `/sign-in?next=${encodeURIComponent(pathname + search)}`;
}

function refuseForeign(c: Context<Environment>): void {
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  const found = foreign(host, c.req.header("origin"));
  if (found === undefined) return;
  const detail = found.reason === "foreign_host"
    ? `The Host header is "${found.found}"; without tokens only this machine's own names are answered: use 127.0.0.1 or localhost, or configure api.tokens`
    : `The request comes from the web page "${found.found}"; without tokens only this gateway's own pages are answered: configure api.tokens`;
  throw new ProblemError(found.reason, { detail });
}

/** Where supervisors ask: a busy script on their machine must not make a gateway look dead. */
const PROBES: ReadonlySet<string> = new Set(["/healthz", "/readyz"]);

/** Who has a rate of their own. */
function callerOf(principal: Principal, c: Context<Environment>): string {
  if (principal.kind === "token" || principal.kind === "session") return `token ${principal.name}`;
  return `${PROBES.has(c.req.path) ? "probe at" : "address"} ${c.env.address}`;
}

function refuseFlood(limiter: RateLimiter, caller: string): void {
  const wait = limiter.take(caller);
  if (wait === 0) return;
  throw new ProblemError("rate_limited", {
    detail: `The ${caller} asks too often; the next request may come in ${Math.ceil(wait)} s`,
    headers: { "Retry-After": String(Math.ceil(wait)) },
  });
}

const UNAUTHENTICATED: Readonly<Record<WhyAnonymous, string>> = {
  missing: 'There is no token; send the header "Authorization: Bearer TOKEN", or sign in',
  malformed: 'The Authorization header is malformed; allowed is "Bearer TOKEN"',
  unknown_token: "The token is not known; it may have been removed from api.tokens",
  expired_token: "The token has expired; ask for another, deno task token makes one",
  no_session: "The session is over; sign in again",
};

/** What someone unknown is told. */
export function unauthenticated(why: WhyAnonymous): ProblemError {
  // RFC 6750, section 3: no error code where no token was sent.
  const challenge = why === "missing" || why === "no_session" ? "" : ', error="invalid_token"';
  return new ProblemError("unauthenticated", {
    detail: UNAUTHENTICATED[why],
    headers: { "WWW-Authenticate": `Bearer realm="sluice"${challenge}` },
  });
}
