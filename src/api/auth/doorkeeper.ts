import type { Context } from "hono";
import type { ApiTime } from "../api_time.ts";
import type { Environment } from "../environment.ts";
import { LockOut } from "../guard/lock_out.ts";
import { RateLimiter } from "../guard/rate_limit.ts";
import { ProblemError } from "../problem.ts";
import { bearerOf, type Principal } from "./principal.ts";
import { giveSession, sessionIdOf, takeSession } from "./session_cookie.ts";
import { Sessions } from "./sessions.ts";
import { type ApiToken, findToken, isExpired, type TokenSource } from "./token.ts";

/** How often one address may sign in, for good or in vain: ten times at once, then every ten seconds. */
const SIGN_INS = { perSecond: 0.1, burst: 10 };

/** What the doorkeeper needs of the outside. */
export interface DoorkeeperOptions {
  /** The tokens in force. */
  readonly tokens: TokenSource;
  /** The API listens on this machine alone. */
  readonly onLoopback: boolean;
  readonly clock: ApiTime;
  /** An id that nobody can guess. */
  readonly randomId: () => string;
  /** An address is locked out from now on; `facts.what` is the request's path. */
  readonly onLockedOut: (c: Context<Environment>) => void;
}

/** Who came in: a token, a session, or anyone on this machine. */
export class Doorkeeper {
  readonly #options: DoorkeeperOptions;
  readonly #sessions: Sessions;
  readonly #lockOut: LockOut;
  readonly #signIns: RateLimiter;

  /** Knows nobody yet. */
  constructor(options: DoorkeeperOptions) {
    this.#options = options;
    const monotonic = (): number => options.clock.monotonic();
    this.#sessions = new Sessions(monotonic, () => `${options.randomId()}.${options.randomId()}`);
    this.#lockOut = new LockOut(monotonic);
    this.#signIns = new RateLimiter(SIGN_INS, monotonic);
  }

  /** Whether anyone on this machine is let in without a token. */
  get open(): boolean {
    return this.#options.onLoopback && this.#options.tokens().length === 0;
  }

  /**
   * Finds out who is asking. A wrong token is never better than none, and nothing is judged from an address that has
   * guessed too often, so that a right guess is not told from a wrong one. A session cannot be guessed: it goes on.
   *
   * @throws {ProblemError} where the address is locked out
   */
  identify(c: Context<Environment>): Principal {
    const authorization = c.req.header("authorization");
    const id = sessionIdOf(c);
    if (authorization === undefined && id !== undefined && !this.open) {
      const session = this.#sessions.use(id, this.#options.tokens(), this.#options.clock.wall());
      if (session !== undefined) {
        // Where the handler ends the session, it takes the cookie back afterwards.
        if (session.renew) giveSession(c, id, this.#sessions.age(id));
        return { kind: "session", name: session.token.name, role: session.token.role };
      }
    }
    this.#refuseLockedOut(c.env.address);
    if (authorization !== undefined) {
      const found = bearerOf(this.#options.tokens(), authorization, this.#options.clock.wall());
      // One that has expired is no guess.
      if (found.kind === "anonymous" && found.why !== "expired_token") this.#refused(c);
      return found;
    }
    if (this.open) return { kind: "local", role: "operator" };
    return { kind: "anonymous", why: id === undefined ? "missing" : "no_session" };
  }

  /**
   * Whether whoever was let in with a request would be let in still, for answers that last: a stream ends with the
   * session, or the token, that it was begun with.
   */
  stillIn(c: Context<Environment>): () => boolean {
    const { tokens, clock } = this.#options;
    const { kind } = c.get("principal");
    const authorization = c.req.header("authorization") ?? "";
    const id = sessionIdOf(c) ?? "";
    return () => {
      if (kind === "session") return this.#sessions.holds(id, tokens(), clock.wall());
      return kind === "token" ? bearerOf(tokens(), authorization, clock.wall()).kind === kind : this.open;
    };
  }

  /**
   * Begins a session and hands its cookie to the browser.
   *
   * @returns the token, or why there is no session
   * @throws {ProblemError} where the address is locked out, or signs in too often
   */
  signIn(c: Context<Environment>, presented: string): ApiToken | "unknown_token" | "expired_token" {
    const { address } = c.env;
    this.#refuseLockedOut(address);
    const wait = this.#signIns.take(address);
    if (wait > 0) throw tooOften(`The address ${address} signs in too often`, Math.ceil(wait));
    const token = findToken(this.#options.tokens(), presented);
    if (token === undefined) {
      this.#refused(c);
      return "unknown_token";
    }
    if (isExpired(token, this.#options.clock.wall())) return "expired_token";
    const former = sessionIdOf(c);
    if (former !== undefined) this.#sessions.end(former);
    const id = this.#sessions.begin(token);
    giveSession(c, id, this.#sessions.age(id));
    return token;
  }

  /** Ends the session that a request brings, if it brings one. */
  signOut(c: Context<Environment>): void {
    const id = sessionIdOf(c);
    if (id === undefined) return;
    this.#sessions.end(id);
    takeSession(c);
  }

  #refused(c: Context<Environment>): void {
    if (this.#lockOut.refused(c.env.address)) this.#options.onLockedOut(c);
  }

  #refuseLockedOut(address: string): void {
    const seconds = this.#lockOut.secondsLeft(address);
    if (seconds > 0) throw tooOften(`Too many tokens from the address ${address} were refused`, seconds);
  }
}

function tooOften(what: string, seconds: number): ProblemError {
  return new ProblemError("rate_limited", {
    detail: `${what}; the next request may come in ${seconds} s`,
    headers: { "Retry-After": String(seconds) },
  });
}
