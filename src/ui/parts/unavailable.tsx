import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer } from "../../api/mod.ts";

/** Why something is not shown, in words: a route that is not there, a role that is missing, a failure. */
export function Unavailable({ answer, what }: { answer: Answer<unknown>; what: string }): JSX.Element | null {
  if (answer.ok) return null;
  return <p class="quiet">{unavailableWords(answer.status, answer.detail, what)}</p>;
}

/** The sentence. */
export function unavailableWords(status: number, detail: string, what: string): string {
  if (status === 404) return `${what} are not available yet on this gateway.`;
  if (status === 401 || status === 403) return `${what} are not for this role: ${detail}.`;
  return `${what} cannot be shown now: ${detail}. The page tries again by itself.`;
}
