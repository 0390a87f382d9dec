import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import type { RouterRoute } from "hono/types";
import type { Environment } from "../environment.ts";

/**
 * The route that is going to answer; `undefined` where none is. Middleware and the answer to wrong methods are
 * registered for all methods, a route is not.
 */
export function answeringRoute(c: Context<Environment>): RouterRoute | undefined {
  return matchedRoutes(c).find(({ method }) => method !== "ALL");
}
