import { type ApiToken, findToken } from "./token.ts";
import type { Role } from "./role.ts";

/** Who is asking. */
export type Principal =
  /** The bearer of a token. */
  | { readonly kind: "token"; readonly name: string; readonly role: Role }
  /** Anyone on this machine, where no tokens are configured. */
  | { readonly kind: "local"; readonly role: "operator" }
  /** Someone unknown. */
  | { readonly kind: "anonymous"; readonly why: "missing" | "malformed" | "unknown_token" };

/**
 * Finds out who is asking.
 *
 * @param tokens those of the configuration
 * @param local whether anyone on this machine is let in without a token
 * @param authorization the `Authorization` header; a wrong one is never better than none
 */
export function identify(
  tokens: readonly ApiToken[],
  local: boolean,
  authorization: string | undefined,
): Principal {
  if (authorization === undefined) {
    return local ? { kind: "local", role: "operator" } : { kind: "anonymous", why: "missing" };
  }
  // RFC 6750, section 2.1: b64token.
  const presented = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
  if (presented === undefined) return { kind: "anonymous", why: "malformed" };
  const token = findToken(tokens, presented);
  if (token === undefined) return { kind: "anonymous", why: "unknown_token" };
  return { kind: "token", name: token.name, role: token.role };
}
