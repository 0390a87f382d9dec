/**
 * Why there is no connection, as data.
 *
 * `refused` is the broker's own answer in its CONNACK or DISCONNECT, `left`, `silent` and `stalled` the gateway's
 * own doing; the others are the network's and TLS's.
 */
export type ConnectionFailure =
  | { readonly reason: "unknown_host" }
  | { readonly reason: "connection_refused" }
  | { readonly reason: "no_answer" }
  | { readonly reason: "not_permitted" }
  | { readonly reason: "reset" }
  | { readonly reason: "closed_by_broker" }
  | { readonly reason: "left" }
  | { readonly reason: "keepalive" }
  /** No answer to a ping within `after` ms. */
  | { readonly reason: "silent"; readonly after: number }
  /** A probe reached another client, and not the session within `after` ms. */
  | { readonly reason: "stalled"; readonly after: number }
  | { readonly reason: "client_certificate_missing" }
  | { readonly reason: "client_certificate_refused" }
  | { readonly reason: "unknown_authority" }
  | { readonly reason: "wrong_name"; readonly detail: string }
  | { readonly reason: "certificate_expired" }
  | { readonly reason: "certificate_not_yet_valid" }
  | { readonly reason: "tls_failed"; readonly detail: string }
  | { readonly reason: "bad_credentials" }
  | { readonly reason: "not_authorised" }
  | { readonly reason: "protocol_refused" }
  | { readonly reason: "client_id_refused" }
  | { readonly reason: "taken_over" }
  | { readonly reason: "broker_unavailable"; readonly code: number }
  | { readonly reason: "refused"; readonly code: number }
  | { readonly reason: "protocol_error"; readonly detail: string }
  | { readonly reason: "password_unreadable"; readonly detail: string }
  | { readonly reason: "other"; readonly detail: string };

/** Error codes of Node's net and tls modules, which Deno gives as well. */
const BY_ERROR_CODE: Readonly<Record<string, ConnectionFailure>> = {
  ENOTFOUND: { reason: "unknown_host" },
  EAI_AGAIN: { reason: "unknown_host" },
  ECONNREFUSED: { reason: "connection_refused" },
  ETIMEDOUT: { reason: "no_answer" },
  EHOSTUNREACH: { reason: "no_answer" },
  ENETUNREACH: { reason: "no_answer" },
  // Deno's permissions.
  EPERM: { reason: "not_permitted" },
  ECONNRESET: { reason: "reset" },
  EPIPE: { reason: "reset" },
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: { reason: "client_certificate_missing" },
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: { reason: "client_certificate_missing" },
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: { reason: "client_certificate_refused" },
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: { reason: "client_certificate_refused" },
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: { reason: "client_certificate_refused" },
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: { reason: "client_certificate_refused" },
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: { reason: "client_certificate_refused" },
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: { reason: "client_certificate_refused" },
  SELF_SIGNED_CERT_IN_CHAIN: { reason: "unknown_authority" },
  DEPTH_ZERO_SELF_SIGNED_CERT: { reason: "unknown_authority" },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { reason: "unknown_authority" },
  UNABLE_TO_GET_ISSUER_CERT: { reason: "unknown_authority" },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { reason: "unknown_authority" },
  CERT_HAS_EXPIRED: { reason: "certificate_expired" },
  CERT_NOT_YET_VALID: { reason: "certificate_not_yet_valid" },
};

/**
 * Return codes of MQTT 3.1.1 §3.2.2.3 (1 … 5) and reason codes of MQTT 5.0 §2.4 (128 and above). The two
 * ranges do not overlap.
 */
const BY_REASON_CODE: Readonly<Record<number, ConnectionFailure>> = {
  1: { reason: "protocol_refused" },
  2: { reason: "client_id_refused" },
  3: { reason: "broker_unavailable", code: 3 },
  4: { reason: "bad_credentials" },
  5: { reason: "not_authorised" },
  132: { reason: "protocol_refused" },
  133: { reason: "client_id_refused" },
  134: { reason: "bad_credentials" },
  135: { reason: "not_authorised" },
  136: { reason: "broker_unavailable", code: 136 },
  137: { reason: "broker_unavailable", code: 137 },
  139: { reason: "broker_unavailable", code: 139 },
  141: { reason: "keepalive" },
  142: { reason: "taken_over" },
};

/** What the broker's code in a CONNACK or DISCONNECT means. */
export function failureOfCode(code: number): ConnectionFailure {
  return BY_REASON_CODE[code] ?? { reason: "refused", code };
}

/**
 * Classifies an error of the socket, of TLS or of MQTT.js by its code.
 *
 * @returns the failure; `other` with the error's own words where it has no known code
 */
export function failureOf(error: Error & { readonly code?: unknown }): ConnectionFailure {
  const { code } = error;
  if (typeof code === "number") return failureOfCode(code);
  if (typeof code !== "string") return { reason: "other", detail: error.message };
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return { reason: "wrong_name", detail: error.message };
  const known = BY_ERROR_CODE[code];
  if (known !== undefined) return known;
  if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_") || code.startsWith("CERT_")) {
    return { reason: "tls_failed", detail: error.message };
  }
  return { reason: "other", detail: `${code}: ${error.message}` };
}

/** The words of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
