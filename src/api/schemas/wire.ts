import { z } from "@hono/zod-openapi";

/** Both types are the same but for `readonly`. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/**
 * Ties a schema to the documented type of its answers: where one says more or less than the other, the compiler
 * refuses it. So the OpenAPI document, the validation and the types that other rooms see are one.
 */
export function wire<T>(): <S extends z.ZodType>(schema: Same<z.output<S>, T> extends true ? S : never) => S {
  return (schema) => schema;
}

/** A moment, RFC 3339 in UTC. */
export const time = z.iso.datetime().openapi({ description: "RFC 3339, UTC" });

/** A count: whole, not negative. */
export const count = z.number().int().nonnegative();

/** A duration in seconds, not negative. */
export const seconds = z.number().nonnegative().openapi({ description: "seconds" });

/** Names and values of tags. */
export const tags = z.record(z.string(), z.string());

/** A reading's value. */
export const value = z.union([z.number(), z.boolean(), z.string()]);
