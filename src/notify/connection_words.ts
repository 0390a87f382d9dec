import { scrub } from "./scrub.ts";

/** What went wrong below a protocol, as Node's net and tls modules say it. */
const BY_CODE: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name cannot be resolved; check the address and the name server",
  EAI_AGAIN: "its name cannot be resolved; check the address and the name server",
  ECONNREFUSED: "nothing listens there; check the address and that it is running",
  ETIMEDOUT: "it does not answer; check the network and its firewall",
  EHOSTUNREACH: "it cannot be reached; check the network and its firewall",
  ENETUNREACH: "it cannot be reached; check the network and its firewall",
  EPERM:
    "this process has no right to connect there; deno task permissions prints what a configuration needs",
  ECONNRESET: "the connection was reset; check that the port speaks this protocol",
  EPIPE: "the connection was reset; check that the port speaks this protocol",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "it asks for a client certificate and got none",
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: "it asks for a client certificate and got none",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "it does not accept the client certificate",
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: "it does not accept the client certificate",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: "it does not accept the client certificate",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: "it does not accept the client certificate",
  SELF_SIGNED_CERT_IN_CHAIN:
    "its certificate is signed by an authority that is not trusted here; set ca_file",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by nobody but itself; set ca_file",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "its certificate is signed by an authority that is not trusted here; set ca_file",
  UNABLE_TO_GET_ISSUER_CERT:
    "its certificate is signed by an authority that is not trusted here; set ca_file",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "its certificate is signed by an authority that is not trusted here; set ca_file",
  CERT_HAS_EXPIRED: "its certificate has expired; renew it, or check the clock of this machine",
  CERT_NOT_YET_VALID: "its certificate is not valid yet; check the clock of this machine",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name; check the address",
};

/**
 * Why a connection failed, as the end of a sentence.
 *
 * @param error what the socket or TLS gave
 * @param code its code, where a library put another one in its place
 */
export function connectionWords(error: unknown, code: string | undefined = codeOf(error)): string {
  const known = code === undefined ? undefined : BY_CODE[code];
  if (known !== undefined) return known;
  const words = error instanceof Error ? error.message : String(error);
  return scrub(words, []).replace(/\.$/, "") || "the connection broke";
}

/** The code of an error of Node's modules. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
