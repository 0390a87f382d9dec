import type { Context } from "hono";
import type { Environment } from "../environment.ts";
import type { Role } from "./role.ts";

/** Who did something, for the audit and for what it changed. */
export interface Actor {
  /** Name of the token; `local` for anyone on this machine where no tokens are configured. */
  readonly name: string;
  /** The role that they had. */
  readonly role: Role;
  /** Address that the request came from. */
  readonly address: string;
  /** Id of the request. */
  readonly request_id: string;
}

/**
 * Who is asking.
 *
 * @throws {Error} where nobody is: a route that has an actor must declare a role
 */
export function actorOf(c: Context<Environment>): Actor {
  const principal = c.get("principal");
  if (principal.kind === "anonymous") throw new Error("A route without a role has no actor");
  const name = principal.kind === "local" ? "local" : principal.name;
  return { name, role: principal.role, address: c.env.address, request_id: c.get("requestId") };
}
