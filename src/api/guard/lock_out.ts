import type { Context } from "hono";
import type { Environment } from "../environment.ts";
import type { OnEvent } from "./frame.ts";
import type { Refusals } from "./refusals.ts";

/** Refused tokens that lock an address out. */
const MOST_REFUSED = 10;
/** They count when they came within so long, and so long is locked out, ms. */
const MINUTES = 10;
const WINDOW = MINUTES * 60_000;
/** Addresses remembered; beyond it the one that was refused longest ago is forgotten. */
const MOST_ADDRESSES = 10_000;

interface Guesses {
  /** When the last tokens were refused, oldest first. */
  readonly at: number[];
  lockedUntil: number;
}

/** The rule in words, for the reference. */
export const LOCK_OUT_WORDS =
  `${MOST_REFUSED} refused tokens from one address within ${MINUTES} min: for ${MINUTES} min that address is answered ` +
  "429. Who has signed in before goes on, and so do routes that need no role.";

/** Ends the guessing of tokens, address by address. Memory is bounded. */
export class LockOut {
  readonly #monotonic: () => number;
  /** In order of the last refusal. */
  readonly #addresses = new Map<string, Guesses>();

  /** Nobody is locked out yet. `monotonic` is a clock in ms that never steps. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** Seconds for which an address is locked out; 0 where it is not. */
  secondsLeft(address: string): number {
    const until = this.#addresses.get(address)?.lockedUntil ?? 0;
    return Math.max(0, Math.ceil((until - this.#monotonic()) / 1_000));
  }

  /**
   * A token from this address was refused.
   *
   * @returns whether that locks it out now
   */
  refused(address: string): boolean {
    const now = this.#monotonic();
    const guesses = this.#addresses.get(address) ?? { at: [], lockedUntil: 0 };
    this.#addresses.delete(address);
    this.#addresses.set(address, guesses);
    if (this.#addresses.size > MOST_ADDRESSES) {
      for (const oldest of this.#addresses.keys()) {
        this.#addresses.delete(oldest);
        break;
      }
    }
    guesses.at.push(now);
    while ((guesses.at[0] ?? now) <= now - WINDOW) guesses.at.shift();
    if (guesses.at.length < MOST_REFUSED) return false;
    guesses.at.length = 0;
    guesses.lockedUntil = now + WINDOW;
    return true;
  }
}

/** Says that an address is locked out, to the log and to the audit. */
export function tellLockOut(c: Context<Environment>, refusals: Refusals, onEvent: OnEvent): void {
  const { address } = c.env;
  onEvent("api_locked_out", "warning", { address, minutes: MINUTES });
  const request = { address, request_id: c.get("requestId"), target: null };
  refusals.note({
    action: "locked_out",
    actor: "anonymous",
    role: null,
    ...request,
    detail: { tokens: MOST_REFUSED, minutes: MINUTES },
  });
}
