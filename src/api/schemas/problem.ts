import { z } from "@hono/zod-openapi";
import { wire } from "./wire.ts";

const reasons = [
  "bad_request",
  "unauthenticated",
  "forbidden",
  "foreign_host",
  "foreign_origin",
  "not_from_page",
  "not_found",
  "method_not_allowed",
  "too_slow",
  "conflict",
  "too_large",
  "headers_too_large",
  "unsupported_media_type",
  "config_invalid",
  "rate_limited",
  "not_ready",
  "too_many_streams",
  "timed_out",
  "internal",
] as const;

/** Why a request failed, for programs. */
export type ProblemReason =
  | "bad_request"
  | "unauthenticated"
  | "forbidden"
  | "foreign_host"
  | "foreign_origin"
  | "not_from_page"
  | "not_found"
  | "method_not_allowed"
  | "too_slow"
  | "conflict"
  | "too_large"
  | "headers_too_large"
  | "unsupported_media_type"
  | "config_invalid"
  | "rate_limited"
  | "not_ready"
  | "too_many_streams"
  | "timed_out"
  | "internal";

/** One thing that was wrong with a request. */
export interface RequestFault {
  /** Where it stood. */
  readonly in: "query" | "path" | "header" | "body" | "file";
  /** Its name, e.g. `limit`; in a file its key path. */
  readonly name: string;
  /** What was found and what is allowed. */
  readonly detail: string;
  /** Name of the file; only in a file. */
  readonly file?: string | undefined;
  /** Line in the file, from 1. */
  readonly line?: number | undefined;
  /** Column in the file, from 1. */
  readonly column?: number | undefined;
}

/** Why the gateway is not ready. */
export interface NotReady {
  /** A snake_case word, e.g. `mqtt_disconnected`, `disk_full`, `replaying`. */
  readonly reason: string;
  /** The sentence for people. */
  readonly detail: string;
}

/** An error as RFC 9457 has it. `type` is `about:blank`: the meaning is the status and `reason`. */
export interface Problem {
  /** Always `about:blank`. */
  readonly type: "about:blank";
  /** The words of the status. */
  readonly title: string;
  /** The HTTP status. */
  readonly status: number;
  /** The sentence for people. */
  readonly detail: string;
  /** The word for programs. */
  readonly reason: ProblemReason;
  /** The same as in `x-request-id`; it is in the log, too. */
  readonly request_id: string;
  /** Everything that was wrong with the request or the file; only with `bad_request` and `config_invalid`. */
  readonly errors?: readonly RequestFault[] | undefined;
  /** Why the gateway is not ready; only with `not_ready`. */
  readonly not_ready?: readonly NotReady[] | undefined;
}

export const NotReadySchema = wire<NotReady>()(
  z.object({ reason: z.string(), detail: z.string() }).openapi("NotReady"),
);

const fault = wire<RequestFault>()(
  z.object({
    in: z.enum(["query", "path", "header", "body", "file"]),
    name: z.string(),
    detail: z.string(),
    file: z.string().optional(),
    line: z.number().int().optional(),
    column: z.number().int().optional(),
  }),
);

export const ProblemSchema = wire<Problem>()(
  z.object({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    reason: z.enum(reasons),
    request_id: z.string(),
    errors: z.array(fault).readonly().optional(),
    not_ready: z.array(NotReadySchema).readonly().optional(),
  }).openapi("Problem", { description: "An error, RFC 9457" }),
);
