/**
 * Makes a text fit for logs and answers: every given secret becomes `…`, control characters become spaces, and
 * at most 200 characters remain.
 *
 * @param text whatever a library or a server said
 * @param secrets what must not be seen; the empty ones are passed over
 */
export function scrub(text: string, secrets: Iterable<string>): string {
  let clean = text;
  // Longest first: a secret that contains another one must go as a whole.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret !== "") clean = clean.replaceAll(secret, "…");
  }
  // deno-lint-ignore no-control-regex -- taking control characters out is the purpose
  clean = clean.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean;
}

/** The parts of headers that may be secret: each value, and its long words (`Bearer <token>`). */
export function secretsOfHeaders(headers: Readonly<Record<string, string>>): string[] {
  const values = Object.values(headers).filter((value) => value.length >= 4);
  return [...values, ...values.flatMap((value) => value.split(/\s+/).filter((word) => word.length >= 8))];
}

/** The parts of a URL that may be secret: credentials, path and query. Chat webhooks carry their token there. */
export function secretsOfUrl(url: URL): string[] {
  const path = url.pathname === "/"
    ? []
    : [url.pathname, ...url.pathname.split("/").filter((p) => p.length >= 8)];
  const query = [...url.searchParams.values()].filter((value) => value.length >= 4);
  const encoded = [url.username, url.password, ...path, url.search, ...query].filter((part) => part !== "");
  return [url.href, ...encoded, ...encoded.map(decoded)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
