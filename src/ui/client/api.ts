/// <reference lib="dom" />
import type { Answer, Problem } from "../../api/mod.ts";

/** Longest wait for an answer, ms; the gateway's own limit is 10 s. */
const PATIENCE = 15_000;

/** Asks a GET route. Never throws: no connection is the status 0. */
export function ask<T>(path: string): Promise<Answer<T>> {
  return send("GET", path);
}

/** Calls a route. State changes carry the header that no other site's form can send. Never throws. */
export async function send<T>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Answer<T>> {
  try {
    const answer = await fetch(path, {
      method,
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE),
      headers: {
        accept: "application/json",
        ...(method === "GET" ? {} : { "x-sluice-request": "page" }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status === 401 && location.pathname !== "/sign-in") toSignIn();
    const text = await answer.text();
    const value = text === "" ? null : JSON.parse(text);
    if (answer.ok) return { ok: true, value };
    return {
      ok: false,
      status: answer.status,
      detail: wordsOf(value) ?? `the gateway answered ${answer.status}`,
    };
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    return {
      ok: false,
      status: 0,
      detail: late ? "the gateway does not answer" : "the gateway is out of reach",
    };
  }
}

/** What a problem says, with each of the errors that it lists (RFC 9457). */
function wordsOf(problem: Partial<Problem> | null): string | undefined {
  const errors = problem?.errors ?? [];
  if (errors.length === 0) return problem?.detail;
  const places = errors.map(({ line, column, detail }) =>
    line === undefined ? detail : `line ${line}:${column ?? 1}: ${detail}`
  );
  return [problem?.detail, ...places].filter((part) => part !== undefined).join(". ");
}

/** The newer of two answers; where there is no connection what was known stays, and the banner says how old it is. */
export function newer<T>(fresh: Answer<T>, known: Answer<T>): Answer<T> {
  return !fresh.ok && fresh.status === 0 && known.ok ? known : fresh;
}

/** Goes to the sign-in page, and from there back here. */
export function toSignIn(): void {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}
