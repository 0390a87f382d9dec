import { createHash } from "node:crypto";
import { type ApiToken, isExpired } from "./token.ts";

const HOUR = 3_600_000;
/** A session ends when it was not used for so long, ms. */
export const SESSION_IDLE = 12 * HOUR;
/** A session ends so long after its beginning, used or not, ms. */
export const SESSION_MOST = 24 * HOUR;
/** The cookie's age is set anew when so much of it has passed, ms. */
const RENEW_AFTER = HOUR / 4;
/** Sessions of one token; with one more, the one goes that was not used for longest. */
const MOST_OF_A_TOKEN = 50;

interface Session {
  /** Name and hash of the token that it was begun with. */
  readonly name: string;
  readonly hash: string;
  readonly begunAt: number;
  usedAt: number;
  renewedAt: number;
}

/**
 * Who has signed in. A session's id is known to the browser alone: here its hash is kept, in memory, so a restart ends
 * all of them. A session may what its token may now, and ends with it.
 */
export class Sessions {
  readonly #monotonic: () => number;
  readonly #newId: () => string;
  /** By the hash of their ids, in order of their last use. */
  readonly #all = new Map<string, Session>();

  /**
   * None yet.
   *
   * @param monotonic clock, ms
   * @param newId an id that nobody can guess
   */
  constructor(monotonic: () => number, newId: () => string) {
    this.#monotonic = monotonic;
    this.#newId = newId;
  }

  /** Begins one; returns its id, which is not kept. */
  begin({ name, hash }: ApiToken): string {
    const own = [...this.#all].filter(([, session]) => session.hash === hash);
    for (const [key] of own.slice(0, Math.max(0, own.length - MOST_OF_A_TOKEN + 1))) this.#all.delete(key);
    const id = this.#newId();
    const now = this.#monotonic();
    this.#all.set(keyOf(id), { name, hash, begunAt: now, usedAt: now, renewedAt: now });
    return id;
  }

  /**
   * The token of a session, as it is now; `undefined` where the session is over.
   *
   * @param tokens those in force
   * @param wall wall clock, ms
   * @returns `renew`: its cookie should be set again
   */
  use(
    id: string,
    tokens: readonly ApiToken[],
    wall: number,
  ): { readonly token: ApiToken; readonly renew: boolean } | undefined {
    const key = keyOf(id);
    const session = this.#all.get(key);
    if (session === undefined) return undefined;
    this.#all.delete(key);
    const now = this.#monotonic();
    const token = tokenOf(session, now, tokens, wall);
    if (token === undefined) return undefined;
    const renew = now - session.renewedAt > RENEW_AFTER;
    session.usedAt = now;
    if (renew) session.renewedAt = now;
    this.#all.set(key, session);
    return { token, renew };
  }

  /** Whether a session holds still; that it is asked for is no use of it. */
  holds(id: string, tokens: readonly ApiToken[], wall: number): boolean {
    const session = this.#all.get(keyOf(id));
    return session !== undefined && tokenOf(session, this.#monotonic(), tokens, wall) !== undefined;
  }

  /** Seconds that a session's cookie may live from now on. */
  age(id: string): number {
    const session = this.#all.get(keyOf(id));
    if (session === undefined) return 0;
    const left = session.begunAt + SESSION_MOST - this.#monotonic();
    return Math.max(0, Math.floor(Math.min(SESSION_IDLE, left) / 1_000));
  }

  /** Ends one; harmless where there is none. */
  end(id: string): void {
    this.#all.delete(keyOf(id));
  }
}

/** The token of a session as it is now; `undefined` where the session is over. */
function tokenOf(
  session: Session,
  now: number,
  tokens: readonly ApiToken[],
  wall: number,
): ApiToken | undefined {
  if (now - session.usedAt > SESSION_IDLE || now - session.begunAt > SESSION_MOST) return undefined;
  const token = tokens.find(({ name, hash }) => name === session.name && hash === session.hash);
  return token === undefined || isExpired(token, wall) ? undefined : token;
}

function keyOf(id: string): string {
  return createHash("sha256").update(id, "utf8").digest("hex");
}
