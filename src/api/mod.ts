/**
 * The HTTP API: what the gateway knows, for people and programs.
 *
 * In: requests; the gateway through the interfaces of views.ts, and nothing else of it. Out: JSON that its
 * schemas describe, Prometheus text; errors as RFC 9457. Promises: nobody gets in without the
 * role that a route declares, and a route without one is closed; beyond this machine nothing runs without
 * tokens; every request gets an answer, with its id and the security headers; no answer holds a stack trace.
 * @module
 */
export { type Api, type ApiOptions, createApi } from "./create_api.ts";
export type { ApiRefusal } from "./api_refusal.ts";
export { serveApi, type ServedApi, type ServeOptions } from "./serve_api.ts";
export type { ServeRefusal } from "./http/listen.ts";
export { HTTP_LIMITS, type HttpLimits, limitWords } from "./limits.ts";
export type { ApiTime } from "./api_time.ts";
export type { Peer } from "./environment.ts";
export type { OnEvent } from "./guard/frame.ts";
export type { RateLimit } from "./guard/rate_limit.ts";
export type { Actor } from "./auth/actor.ts";
export type { Role } from "./auth/role.ts";
export type { Answer, Ask, PageAsset, PageRequest, PageRoute, PagesPort, Viewer } from "./pages.ts";
export type { RouteRole } from "./route.ts";
export { type ApiToken, formatToken, hashToken, type TokenSource } from "./auth/token.ts";
export { isLoopback } from "./auth/loopback.ts";
export type * from "./views.ts";
export type * from "./wire_types.ts";
