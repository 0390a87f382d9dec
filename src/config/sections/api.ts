import { z } from "zod";
import { EXPIRY_PATTERN, EXPIRY_TEXT, parseExpiry } from "../expiry.ts";
import type { Secret } from "../secret.ts";
import { issue, name, rate, text } from "./scalars.ts";

/** The HTTP API. */
export interface ApiConfig {
  /** Where it listens. */
  readonly listen: ListenAddress;
  /** Who may use it; empty: whoever reaches it. */
  readonly tokens: readonly ApiToken[];
  /** Certificate and key as PEM; `undefined`: plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: Secret } | undefined;
  /** Requests a second in the long run, of each token, and of each address without one. */
  readonly rate: number;
}

/** Where a server listens. */
export interface ListenAddress {
  /** Host as it was written, without the brackets of IPv6. */
  readonly hostname: string;
  /** Port; 0: any free one. */
  readonly port: number;
}

/** Who may use the API, known by the hash of the token. */
export interface ApiToken {
  /** Who it is for. */
  readonly name: string;
  /** What it may do. */
  readonly role: "viewer" | "operator" | "admin";
  /** SHA-256 of the token's text, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  /** Wall clock from which on it is refused, ms; left out: never. */
  readonly expires?: number | undefined;
}

const listen = z.string().transform((value, context): ListenAddress => {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(value);
  const hostname = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (hostname !== undefined && port <= 65_535) return { hostname, port };
  return issue(context, {
    reason: "bad_address",
    found: value,
    allowed: "a host and a port: 127.0.0.1:8080, [::1]:8080",
  });
});

const hash = z.string().transform((value, context) => {
  const digits = /^sha256:([0-9a-fA-F]{64})$/.exec(value)?.[1];
  if (digits !== undefined) return digits.toLowerCase();
  // The value is not shown: a person may have pasted the token itself.
  return issue(context, {
    reason: "bad_hash",
    allowed: "sha256: and 64 hexadecimal digits",
    hint: "deno task token prints the line to paste",
  });
});

const expiry = z.string().meta({ pattern: EXPIRY_PATTERN }).transform((value, context) => {
  const ms = parseExpiry(value);
  return ms ?? issue(context, { reason: "bad_expiry", found: value, allowed: EXPIRY_TEXT });
});

/** Whether an address can be reached from this machine only. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Section `api`. */
export const apiSection = z.strictObject({
  listen: listen.prefault("127.0.0.1:8080").describe(
    "Host and port of the API and the pages. Beyond 127.0.0.1 tokens are required.",
  ),
  tokens: z.array(z.strictObject({
    name: name().describe("Who it is for, as it appears in the audit."),
    role: z.enum(["viewer", "operator", "admin"]).describe(
      "viewer reads; operator acts; admin changes rules.",
    ),
    hash: hash.describe("sha256: and the hash of the token, as deno task token prints it."),
    expires: expiry.optional().describe(
      "Refused from then on: 2027-01-01 (UTC), or 2027-01-01T12:00:00Z. Left out: never.",
    ),
  })).prefault([]).describe("Who may use the API."),
  tls: z.strictObject({
    cert_file: text().optional().describe(
      "Certificate (PEM), with those between it and its authority behind it.",
    ),
    key_file: text().optional().describe("Private key (PEM) of that certificate, not encrypted."),
  }).prefault({}).describe("Both: HTTPS is served, and nothing else. Read at the start."),
  rate: rate().transform(({ limit, per }) => limit / (per / 1_000)).prefault("20/s").describe(
    "Requests of one token, or of one address without a token; five times as many may come at once. More: 429.",
  ),
}).prefault({});
