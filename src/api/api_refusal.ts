import { isLoopback } from "./auth/loopback.ts";
import { type ApiToken, isTokenHash } from "./auth/token.ts";

/** Why the API must not run as it is configured. */
export interface ApiRefusal {
  /** The word for programs. */
  readonly reason: "tokens_required" | "malformed_hash" | "name_taken";
  /** The sentence for people. */
  readonly text: string;
}

/** Judges who would get in. Beyond this machine nobody does without a token. */
export function refuse(listenHost: string, tokens: readonly ApiToken[]): ApiRefusal | undefined {
  if (tokens.length === 0 && !isLoopback(listenHost)) {
    return {
      reason: "tokens_required",
      text:
        `The API would listen on "${listenHost}" without tokens; allowed without tokens is only this machine: ` +
        "add api.tokens (deno task token makes one) or set api.listen to 127.0.0.1",
    };
  }
  const names = new Set<string>();
  for (const token of tokens) {
    if (!isTokenHash(token.hash)) {
      return {
        reason: "malformed_hash",
        // The value is not shown: someone may have put the token itself there.
        text:
          `The hash of the API token "${token.name}" is malformed; allowed is "sha256:" and 64 hexadecimal ` +
          "digits: make a token and its hash with deno task token",
      };
    }
    if (names.has(token.name)) {
      return {
        reason: "name_taken",
        text: `Two API tokens have the name "${token.name}"; give each its own`,
      };
    }
    names.add(token.name);
  }
  return undefined;
}
