import { z } from "@hono/zod-openapi";
import { wire } from "./wire.ts";

/** Who is asking, and what they may do. */
export interface SessionAnswer {
  /** Name of the token; `local` for anyone on this machine where no tokens are configured. */
  readonly name: string;
  /** What they may do. */
  readonly role: "viewer" | "operator" | "admin";
  /** No tokens are configured: nobody signs in. */
  readonly local: boolean;
}

export const SessionSchema = wire<SessionAnswer>()(
  z.object({
    name: z.string(),
    role: z.enum(["viewer", "operator", "admin"]),
    local: z.boolean(),
  }).openapi("Session"),
);

export const SignInSchema = z.strictObject({
  token: z.string().min(1, "allowed is a token").max(512, "allowed is a token"),
}).openapi("SignIn");
