/** How the gateway proves who it is. */
export type Credentials =
  | {
    readonly kind: "token";
    /** Reads the token, e.g. from its file; called again after the server refused it. */
    readonly read: () => string | Promise<string>;
  }
  | { readonly kind: "password"; readonly username: string; readonly read: () => string | Promise<string> }
  | { readonly kind: "none" };

/** What a header could be made of, or why not. */
export type Authorisation =
  | { readonly kind: "header"; readonly value: string | undefined }
  | { readonly kind: "unreadable"; readonly words: string };

/** Keeps the secret between requests and keeps it out of texts. */
export class Authoriser {
  readonly #credentials: Credentials;
  #secret: string | undefined;
  /** What must not appear in a text: the present secret and the one before it, plain and as it is sent. */
  #hidden: readonly string[] = [];

  /** Reads nothing yet. */
  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /** The `Authorization` header's value. */
  async header(): Promise<Authorisation> {
    const credentials = this.#credentials;
    if (credentials.kind === "none") return { kind: "header", value: undefined };
    try {
      // A file ends with a line break that is no part of the secret.
      this.#secret ??= (await credentials.read()).replace(/\s*\n\s*$/, "");
    } catch (error) {
      return { kind: "unreadable", words: error instanceof Error ? error.message : String(error) };
    }
    if (credentials.kind === "token") {
      this.#hide(this.#secret);
      return { kind: "header", value: `Token ${this.#secret}` };
    }
    const bytes = new TextEncoder().encode(`${credentials.username}:${this.#secret}`);
    const encoded = btoa(String.fromCharCode(...bytes));
    this.#hide(this.#secret, encoded);
    return { kind: "header", value: `Basic ${encoded}` };
  }

  /** The secret is read again before the next request. */
  forget(): void {
    this.#secret = undefined;
  }

  /** A server may repeat what it was sent: takes the secret out of a text. */
  redact(text: string): string {
    let safe = text;
    for (const secret of this.#hidden) safe = safe.replaceAll(secret, "***");
    return safe;
  }

  #hide(...secrets: readonly string[]): void {
    const fresh = secrets.filter((secret) => secret !== "" && !this.#hidden.includes(secret));
    if (fresh.length > 0) this.#hidden = [...fresh, ...this.#hidden].slice(0, 4);
  }
}
