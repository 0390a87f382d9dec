import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import type { Role } from "./auth/role.ts";

/** Who may call a route; `none`: anyone. */
export type RouteRole = Role | "none";

/** Who may call a route, as the guard looks it up. */
export interface RouteAccess {
  readonly role: RouteRole;
  /** Anyone on this machine may, where no tokens are configured, whatever role it needs: `x-local` in the document. */
  readonly local: boolean;
}

/** A route's declaration without its role. */
type Spec<P extends string> = Omit<RouteConfig, "path"> & { path: P };

/**
 * Declares a route with the role that it needs. The role is data: it stands in the OpenAPI document as
 * `x-role`, the guard reads it from there, and a route without one is closed to everybody.
 */
export function declare<P extends string, R extends Spec<P>>(
  role: RouteRole,
  spec: R,
): ReturnType<typeof createRoute<P, R>> {
  return createRoute<P, R>({
    ...spec,
    "x-role": role,
    security: role === "none" ? [] : [{ bearer: [] }, { session: [] }],
  });
}
