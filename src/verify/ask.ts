import { VerifyProblem } from "./problem.ts";

/** How long an answer may take, ms: a database may have to read a long stretch. */
const PATIENCE = 120_000;
/** How much of an answer is shown where it is none. */
const SHOWN = 200;

/** One request to a database or to the gateway. */
export interface Request {
  /** Path below the address, with its query. */
  readonly path: string;
  /** A body makes it a POST. */
  readonly body?: { readonly type: string; readonly text: string };
  /** Header names in lower case, beside the authorisation. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** The headers. */
  readonly headers: Headers;
  /** The whole body. */
  readonly text: string;
}

/**
 * Sends a request and waits for the whole answer.
 *
 * @throws {VerifyProblem} where nothing answers
 */
export type Ask = (request: Request) => Promise<Answer>;

/** Whom to ask. */
export interface Side {
  /** Its name for people: `The database`. */
  readonly name: string;
  /** Address without user name and password, without a slash at its end. */
  readonly base: string;
  /** Headers that say who asks; rejects where a secret cannot be read. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** What to do where it does not answer. */
  readonly hint: string;
}

/** Asks over HTTP. What a problem says may repeat what the other side said: it is the caller's to take secrets out. */
export function askOver(side: Side): Ask {
  return async ({ path, body, headers = {} }) => {
    try {
      const response = await fetch(side.base + path, {
        method: body === undefined ? "GET" : "POST",
        headers: {
          ...await side.headers(),
          ...(body === undefined ? {} : { "content-type": body.type }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: body.text }),
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      throw new VerifyProblem(
        `${side.name} at ${side.base} does not answer: ${wordsOf(error)}; ${side.hint}`,
        { cause: error },
      );
    }
  };
}

/** The innermost words of an error, which say most; Deno wraps them in the address of the request. */
function wordsOf(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  const words = at instanceof Error ? at.message : String(at);
  return (words.split("client error ").at(-1) ?? words).replace(/^\(\w+\): /, "");
}

/** The JSON of an answer; `undefined` where it is none. */
export function jsonOf({ text }: Pick<Answer, "text">): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The beginning of an answer's body, for a sentence. */
export function shownBody({ text }: Answer): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

/** What is wrong with an answer that is not the one asked for. */
export function refused(title: string, answer: Answer, words: string = shownBody(answer)): VerifyProblem {
  const said = words === "" ? "" : `: "${words}"`;
  if (answer.status === 401 || answer.status === 403) {
    return new VerifyProblem(
      `${title} does not let the configuration's user or token read (status ${answer.status})${said}; give it the right ` +
        "to read, or verify with a configuration whose token has it",
    );
  }
  return new VerifyProblem(`${title} answers with status ${answer.status}${said}`);
}
