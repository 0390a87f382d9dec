import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Environment } from "../environment.ts";
import { ProblemError } from "../problem.ts";
import { answeringRoute } from "./answering_route.ts";

/**
 * Reads no more of a body than this, and nothing of one that no route is going to take: whoever may not send it, or
 * sends it to nowhere, costs no memory.
 *
 * @param most bytes
 */
export function limitBody(most: number): MiddlewareHandler<Environment> {
  const limit = bodyLimit({ maxSize: most, onError: () => tooLarge(most) });
  return async function limitBody(c, next): Promise<Response | void> {
    return answeringRoute(c) === undefined ? await next() : await limit(c, next);
  };
}

function tooLarge(most: number): never {
  throw new ProblemError("too_large", {
    detail: `The body is too large; allowed is ${most / 1_048_576} MiB`,
  });
}
