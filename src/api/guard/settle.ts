import type { MiddlewareHandler } from "hono";
import type { Environment } from "../environment.ts";
import type { AuditView } from "../views/audit.ts";
import { isSafe } from "./from_page.ts";

/** What someone did is in the audit, on disk, before they are told that it is done; where the disk takes nothing, not. */
export function settle(audit: Pick<AuditView, "settled">): MiddlewareHandler<Environment> {
  return async function settle(c, next): Promise<void> {
    await next();
    if (!isSafe(c.req.method)) await audit.settled();
  };
}
