import type { Role } from "./role.ts";
import { type ApiToken, findToken, isExpired } from "./token.ts";

/** Who is asking. */
export type Principal =
  /** The bearer of a token. */
  | { readonly kind: "token"; readonly name: string; readonly role: Role }
  /** Someone who has signed in with a token, at a browser. */
  | { readonly kind: "session"; readonly name: string; readonly role: Role }
  /** Anyone on this machine, where no tokens are configured. */
  | { readonly kind: "local"; readonly role: "operator" }
  /** Someone unknown. */
  | { readonly kind: "anonymous"; readonly why: WhyAnonymous };

/** Why someone is unknown. */
export type WhyAnonymous = "missing" | "malformed" | "unknown_token" | "expired_token" | "no_session";

/** The name of who is asking, for people. */
export function nameOf(principal: Principal): string {
  if (principal.kind === "anonymous" || principal.kind === "local") return principal.kind;
  return principal.name;
}

/**
 * The bearer of a token.
 *
 * @param tokens those of the configuration
 * @param authorization the `Authorization` header
 * @param wall wall clock, ms
 */
export function bearerOf(tokens: readonly ApiToken[], authorization: string, wall: number): Principal {
  // RFC 6750, section 2.1: b64token.
  const presented = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
  if (presented === undefined) return { kind: "anonymous", why: "malformed" };
  const token = findToken(tokens, presented);
  if (token === undefined) return { kind: "anonymous", why: "unknown_token" };
  if (isExpired(token, wall)) return { kind: "anonymous", why: "expired_token" };
  return { kind: "token", name: token.name, role: token.role };
}
