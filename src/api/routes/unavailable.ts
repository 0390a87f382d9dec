import { ProblemError } from "../problem.ts";
import type { Unavailable } from "../views/unavailable.ts";

/** The answer where the gateway cannot do now what it was asked for: nothing has happened. */
export function unavailable({ detail }: Unavailable): ProblemError {
  return new ProblemError("not_ready", {
    detail: `${detail}; nothing has changed, try it again`,
    headers: { "Retry-After": "5" },
  });
}
