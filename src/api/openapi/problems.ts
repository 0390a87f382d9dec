import type { OpenapiDocument } from "./types.ts";

type Components = NonNullable<OpenapiDocument["components"]>;
type Headers = Readonly<Record<string, { $ref: string }>>;

/** What every answer has. */
export const REQUEST_ID: Headers = { "X-Request-Id": { $ref: "#/components/headers/RequestId" } };
const RETRY: Headers = { ...REQUEST_ID, "Retry-After": { $ref: "#/components/headers/RetryAfter" } };

/** Answers that many routes share, by the name of their component. */
const SHARED = {
  BadRequest: {
    description: "Something in the request is wrong; `errors` names all of it",
    headers: REQUEST_ID,
  },
  Unauthenticated: {
    description: "There is no token, no session, or one that is not known",
    headers: REQUEST_ID,
  },
  Forbidden: {
    description: "The role does not suffice, or the request comes from a page of elsewhere",
    headers: REQUEST_ID,
  },
  NotFound: { description: "There is no such thing", headers: REQUEST_ID },
  TooLarge: { description: "The body is larger than 1 MiB", headers: REQUEST_ID },
  UnsupportedMediaType: { description: "The body is not what it is said to be", headers: REQUEST_ID },
  RateLimited: { description: "Too many requests; `Retry-After` says when to ask again", headers: RETRY },
  Unavailable: { description: "Not now: not ready, on the way out, or it took too long", headers: RETRY },
  Failed: { description: "Any other error", headers: REQUEST_ID },
} as const;

/** The name of a shared answer. */
export type SharedAnswer = keyof typeof SHARED;

/** A reference to a shared answer. */
export function answer(name: SharedAnswer): { $ref: string } {
  return { $ref: `#/components/responses/${name}` };
}

/** The shared answers and headers themselves. */
export function problemComponents(): Pick<Components, "responses" | "headers"> {
  const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  return {
    responses: Object.fromEntries(Object.entries(SHARED).map(([name, one]) => [name, { ...one, content }])),
    headers: {
      RequestId: {
        description: "Names the request; the log and every problem name it, too",
        schema: { type: "string" },
      },
      RetryAfter: { description: "Seconds to wait", schema: { type: "integer", minimum: 1 } },
      ETag: {
        description:
          "Names what the answer says; send it as `If-None-Match` to be told that nothing has changed",
        schema: { type: "string" },
      },
    },
  };
}
