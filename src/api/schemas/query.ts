import { z } from "@hono/zod-openapi";

/** A query that takes these parameters and no others: a misspelt filter must not answer for everything. */
export function query<S extends z.ZodRawShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? `allowed are ${Object.keys(shape).join(", ")}` : undefined,
  });
}
