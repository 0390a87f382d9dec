/** How fast one caller may ask. */
export interface RateLimit {
  /** Requests per second in the long run. */
  readonly perSecond: number;
  /** Requests that may come at once. */
  readonly burst: number;
}

/** Callers remembered; beyond it the one that asked longest ago is forgotten. */
const MOST_CALLERS = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket for each caller (a token's name, or an address). Memory is bounded. */
export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #monotonic: () => number;
  /** In order of last use. */
  readonly #buckets = new Map<string, Bucket>();

  /** A limiter that has seen nobody yet. `monotonic` is a clock in ms that never steps. */
  constructor(limit: RateLimit, monotonic: () => number) {
    this.#limit = limit;
    this.#monotonic = monotonic;
  }

  /**
   * Takes one request from a caller's bucket.
   *
   * @returns 0 where it may pass, else the seconds until one may
   */
  take(caller: string): number {
    const now = this.#monotonic();
    const { perSecond, burst } = this.#limit;
    const bucket = this.#buckets.get(caller) ?? { tokens: burst, at: now };
    this.#buckets.delete(caller);
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / 1_000 * perSecond);
    bucket.at = now;
    this.#buckets.set(caller, bucket);
    if (this.#buckets.size > MOST_CALLERS) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    if (bucket.tokens < 1) return (1 - bucket.tokens) / perSecond;
    bucket.tokens--;
    return 0;
  }
}
