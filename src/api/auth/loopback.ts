/** Whether a host to listen on, or the host name of a URL, is this machine and nothing else. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}

/** The host name in a `Host` header, `undefined` where it is none. */
function hostName(header: string): string | undefined {
  const url = URL.parse(`http://${header}/`);
  return url === null || url.host === "" || url.username !== "" ? undefined : url.hostname;
}

/** Why a request cannot be trusted to come from this machine's user. */
export type Foreign =
  | { readonly reason: "foreign_host"; readonly found: string }
  | { readonly reason: "foreign_origin"; readonly found: string };

/**
 * Judges a request where everyone on this machine is let in without a token. A web page elsewhere can make a
 * browser on this machine send requests here: by a name of its own that it points to 127.0.0.1 (DNS
 * rebinding: the `Host` header gives it away), or straight (the `Origin` header does). A page of another port
 * of this machine is foreign, too.
 *
 * @param host the `Host` header
 * @param origin the `Origin` header, if there is one
 */
export function foreign(host: string, origin: string | undefined): Foreign | undefined {
  const name = hostName(host);
  if (name === undefined || !isLoopback(name)) return { reason: "foreign_host", found: host };
  if (origin === undefined || ownOrigin(host, origin)) return undefined;
  return { reason: "foreign_origin", found: origin };
}

/**
 * Whether an `Origin` is a page of this host. The scheme does not count: a proxy in front of us may speak HTTPS.
 *
 * @param host the `Host` header
 */
export function ownOrigin(host: string, origin: string): boolean {
  const from = URL.parse(origin);
  const own = URL.parse(`${from?.protocol ?? "http:"}//${host}/`);
  return from !== null && own !== null && from.host !== "" && from.host === own.host;
}
