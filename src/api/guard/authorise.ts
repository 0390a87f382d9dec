import type { Context, MiddlewareHandler } from "hono";
import { foreign } from "../auth/loopback.ts";
import { identify, type Principal } from "../auth/principal.ts";
import { covers } from "../auth/role.ts";
import type { ApiToken } from "../auth/token.ts";
import type { Environment } from "../environment.ts";
import { ProblemError } from "../problem.ts";
import type { RouteRole } from "../route.ts";
import { answeringRoute } from "./answering_route.ts";
import type { RateLimiter } from "./rate_limit.ts";

/** Who gets in. */
export interface Access {
  readonly tokens: readonly ApiToken[];
  /** Anyone on this machine is let in without a token. */
  readonly local: boolean;
  /** The role of `GET /path`, by method and routing path. */
  readonly roles: ReadonlyMap<string, RouteRole>;
  readonly limiter: RateLimiter;
}

/** Lets a request through where its caller has the role that its route declares, and not too often. */
export function authorise(access: Access): MiddlewareHandler<Environment> {
  return async function authorise(c, next): Promise<void> {
    if (access.local) refuseForeign(c);
    const role = roleOf(c, access.roles);
    const needsNone = role === undefined || role === "none";
    const principal: Principal = needsNone
      ? { kind: "anonymous", why: "missing" }
      : identify(access.tokens, access.local, c.req.header("authorization"));
    c.set("principal", principal);
    refuseFlood(access.limiter, principal, c.env.address);
    if (!needsNone) {
      if (principal.kind === "anonymous") throw unauthenticated(principal.why);
      if (!covers(principal.role, role)) {
        const who = principal.kind === "token" ? `The token "${principal.name}"` : "Without a token one";
        throw new ProblemError("forbidden", {
          detail: `${who} has the role "${principal.role}"; this needs a token with the role "${role}"`,
        });
      }
    }
    await next();
  };
}

/** The role of the route that will answer; `undefined` where none will. A route without a role is closed. */
function roleOf(
  c: Context<Environment>,
  roles: ReadonlyMap<string, RouteRole>,
): RouteRole | undefined {
  const route = answeringRoute(c);
  if (route === undefined) return undefined;
  const role = roles.get(`${route.method} ${route.path}`);
  if (role === undefined) {
    throw new ProblemError("forbidden", { detail: "The route declares no role, so it is closed" });
  }
  return role;
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

function refuseFlood(limiter: RateLimiter, principal: Principal, address: string): void {
  const caller = principal.kind === "token" ? `token ${principal.name}` : `address ${address}`;
  const wait = limiter.take(caller);
  if (wait === 0) return;
  throw new ProblemError("rate_limited", {
    detail: `The ${caller} asks too often; the next request may come in ${Math.ceil(wait)} s`,
    headers: { "Retry-After": String(Math.ceil(wait)) },
  });
}

function unauthenticated(why: "missing" | "malformed" | "unknown_token"): ProblemError {
  const details = {
    missing: 'There is no token; send the header "Authorization: Bearer TOKEN"',
    malformed: 'The Authorization header is malformed; allowed is "Bearer TOKEN"',
    unknown_token: "The token is not known; it may have been removed from api.tokens",
  };
  // RFC 6750, section 3: no error code where no token was sent.
  const challenge = why === "missing" ? "" : ', error="invalid_token"';
  return new ProblemError("unauthenticated", {
    detail: details[why],
    headers: { "WWW-Authenticate": `Bearer realm="sluice"${challenge}` },
  });
}
