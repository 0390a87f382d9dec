/** Which lines a refusal names: hints only, each is tried alone before it is believed. */
export interface NamedLines {
  /** Texts of lines, as the server repeats them. */
  readonly texts: readonly string[];
  /** Numbers of lines within the request, from 1. */
  readonly numbers: readonly number[];
}

/** What an answer means for what was sent. */
export type Verdict =
  /** All of it is in the database. */
  | { readonly kind: "delivered" }
  /** Some of it will never be taken as it is: find out what. */
  | { readonly kind: "refused"; readonly status: number; readonly words: string; readonly named: NamedLines }
  /** The request is too large: send less at once. */
  | { readonly kind: "too_large"; readonly status: number; readonly words: string }
  /** The database has reached a limit of its own (series): nothing is wrong with the lines. */
  | { readonly kind: "capacity"; readonly status: number; readonly words: string }
  /** The token or password is not accepted, or cannot be read (`status` 0). */
  | { readonly kind: "unauthorised"; readonly status: number; readonly words: string }
  /** Bucket or database is missing, or the address is another service's. */
  | { readonly kind: "not_found"; readonly status: number; readonly words: string }
  /** The server asks for patience. */
  | {
    readonly kind: "overloaded";
    readonly status: number;
    /** How long it asked to wait, ms. */
    readonly retryAfter: number | undefined;
    readonly words: string;
  }
  /** The server failed on its side. */
  | { readonly kind: "unavailable"; readonly status: number; readonly words: string }
  /** No answer at all. */
  | {
    readonly kind: "no_answer";
    readonly reason: "timeout" | "network" | "aborted";
    /** It may have reached the server. */
    readonly sent: boolean;
    readonly words: string;
  }
  /** Somebody answered, but no time-series database. */
  | {
    readonly kind: "wrong_address";
    readonly status: number;
    readonly found: "redirect" | "html" | "other";
    readonly words: string;
  };

/** Every kind of verdict but success. */
export type Failure = Exclude<Verdict, { readonly kind: "delivered" }>;

/** A failure that has nothing to do with the lines: the same request may succeed later. */
export type Trouble = Exclude<Failure, { readonly kind: "refused" | "too_large" }>;

/** The destination as people know it; no secrets. */
export interface DestinationNames {
  /** Address without user name, password and query. */
  readonly address: string;
  /** `bucket "telemetry"` or `database "telemetry"`. */
  readonly place: string;
}

/** The sentence for people: what failed, the server's words, what to do. */
export function verdictText(failure: Failure, names: DestinationNames): string {
  const at = `The database at ${names.address}`;
  const words = "words" in failure && failure.words !== "" ? `: "${failure.words}"` : "";
  switch (failure.kind) {
    case "refused":
      return `${at} refused lines (status ${failure.status})${words}`;
    case "too_large":
      return `${at} found the request too large (status ${failure.status})${words}; smaller ones are sent`;
    case "capacity":
      return `${at} takes no more series${words}; raise its limit or remove tags, the data is kept`;
    case "unauthorised":
      return failure.status === 0
        ? `The token for ${names.address} cannot be read${words}; correct the file, the data is kept`
        : `${at} does not accept the token (status ${failure.status})${words}; correct it, the data is kept`;
    case "not_found":
      return `${at} does not know the ${names.place}${words}; create it or correct url and version, ` +
        `the data is kept`;
    case "overloaded":
      return `${at} asks for patience (status ${failure.status})${words}`;
    case "unavailable":
      return `${at} failed (status ${failure.status})${words}`;
    case "no_answer":
      return failure.reason === "timeout"
        ? `${at} did not answer in time${words}`
        : failure.reason === "aborted"
        ? `The request to ${names.address} was given up`
        : `${at} cannot be reached${words}`;
    case "wrong_address":
      return wrongAddress(failure, names, words);
  }
}

function wrongAddress(
  failure: Extract<Failure, { readonly kind: "wrong_address" }>,
  names: DestinationNames,
  words: string,
): string {
  const advice = "correct url, the data is kept";
  if (failure.found === "redirect") {
    return `${names.address} answers with a redirect (status ${failure.status})${words}; ${advice}`;
  }
  if (failure.found === "html") {
    return `${names.address} answers with a web page (status ${failure.status}), as another service or ` +
      `the log-in page of a network does${words}; ${advice}`;
  }
  return `${names.address} answers with status ${failure.status}, which no database does${words}; ${advice}`;
}
