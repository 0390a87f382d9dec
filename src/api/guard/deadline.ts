import type { MiddlewareHandler } from "hono";
import type { ApiTime } from "../api_time.ts";
import type { Environment } from "../environment.ts";
import { ProblemError } from "../problem.ts";

/** Answers for a handler that takes longer than `ms`. What the handler says later is dropped. */
export function deadline(clock: Pick<ApiTime, "after">, ms: number): MiddlewareHandler<Environment> {
  return async function deadline(_c, next): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<"late">();
    const timer = clock.after(ms, () => resolve("late"));
    try {
      if (await Promise.race([next(), late]) === "late") {
        throw new ProblemError("timed_out", {
          detail: `The answer took longer than ${ms / 1_000} s; ask again, or for less`,
        });
      }
    } finally {
      timer.cancel();
    }
  };
}
