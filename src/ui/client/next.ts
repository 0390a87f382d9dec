/**
 * Where someone who has signed in goes on: a page of this gateway and nothing else, or the first page.
 *
 * @param wanted what the address of the sign-in page asks for; anyone may have written it
 * @param origin of this gateway
 * @returns a whole address: a path alone may begin with two slashes, and would name another host
 */
export function nextOf(wanted: string | null, origin: string): string {
  const url = URL.parse(wanted ?? "/", origin);
  return url === null || url.origin !== origin ? `${origin}/` : url.origin + url.pathname + url.search;
}
