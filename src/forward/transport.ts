/** One HTTP request. */
export interface ServerRequest {
  /** HTTP method. */
  readonly method: "GET" | "POST";
  /** Whole address, without user name and password. */
  readonly url: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it goes out. */
  readonly body?: Uint8Array<ArrayBuffer>;
  /** Time for the whole exchange, ms. */
  readonly timeout: number;
}

/** What became of a request. */
export type Answer =
  | {
    readonly kind: "answer";
    readonly status: number;
    /** Header names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    /** The first 8 KiB of the body as text. */
    readonly body: string;
  }
  | {
    readonly kind: "no_answer";
    readonly reason: "timeout" | "network" | "aborted";
    /** The request may have reached the server, so that its effect is not known. */
    readonly sent: boolean;
    /** What the machine said. */
    readonly words: string;
  };

/** Sends requests; connection errors are values. */
export interface Transport {
  /**
   * Sends one request. Never rejects.
   *
   * @param request what to send
   * @param signal ends the request early; the answer is then `aborted`
   */
  send(request: ServerRequest, signal?: AbortSignal): Promise<Answer>;
  /** Closes idle connections. */
  close(): void;
}
