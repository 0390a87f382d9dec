import { SESSION_IDLE, SESSION_MOST } from "./auth/sessions.ts";
import { LOCK_OUT_WORDS } from "./guard/lock_out.ts";
import { STREAM_WORDS } from "./live/live_hub.ts";
import type { RateLimit } from "./guard/rate_limit.ts";

/** What one connection and its requests may cost. Times in ms, sizes in bytes. */
export interface HttpLimits {
  /** Request line and headers together. */
  readonly head: number;
  /** Headers of one request. */
  readonly headers: number;
  /** From the connection, or the first byte of a further request, until its head is there. */
  readonly headWithin: number;
  /** The same until all of the request is there. */
  readonly requestWithin: number;
  /** How long a client may take to fetch an answer. */
  readonly takenWithin: number;
  /** How long a connection is kept between two requests. */
  readonly idle: number;
  /** Connections at once. */
  readonly connections: number;
}

/** The limits in force. */
export const HTTP_LIMITS: HttpLimits = {
  head: 16_384,
  headers: 100,
  headWithin: 5_000,
  // Shorter than LONGEST_ANSWER: a body that dribbles in is told so, not that its answer took long.
  requestWithin: 9_000,
  takenWithin: 30_000,
  idle: 30_000,
  connections: 256,
};

/** Largest body that is read, bytes. */
export const LARGEST_BODY = 1_048_576;
/** Longest time for an answer, ms. */
export const LONGEST_ANSWER = 10_000;
/** A page of an operator asks a few times a second at most, a program may ask in bursts. */
export const USUAL_RATE: RateLimit = { perSecond: 20, burst: 100 };

/** Every limit in words, for the reference: what is limited, to what, and what becomes of the rest. */
export function limitWords(): readonly (readonly [name: string, words: string])[] {
  const { head, headers, headWithin, requestWithin, takenWithin, idle, connections } = HTTP_LIMITS;
  const seconds = (ms: number): string => `${ms / 1_000} s`;
  const { perSecond, burst } = USUAL_RATE;
  return [
    ["head", `Request line and headers: ${head / 1_024} KiB. More: 431, and the connection is closed.`],
    ["headers", `Headers of one request: ${headers}. More: 431.`],
    ["host", "One `Host` header in HTTP/1.1, and a target that names no other host. Else: 400."],
    [
      "body",
      `Body: ${
        LARGEST_BODY / 1_048_576
      } MiB. More: 413. It is read only where a route takes it, of who may send it.`,
    ],
    [
      "slow head",
      `The head is there within ${
        seconds(headWithin)
      }. Else: 408, and the connection is closed; in silence where ` +
      "not one byte came.",
    ],
    [
      "slow request",
      `The whole request is there within ${seconds(requestWithin)}. Else: 408, and the connection is closed.`,
    ],
    ["slow answer", `An answer is found within ${seconds(LONGEST_ANSWER)}. Else: 503.`],
    [
      "slow reader",
      `An answer is taken within ${
        seconds(takenWithin)
      }; of a stream, each of its parts. Else the connection is cut.`,
    ],
    ["idle", `A connection is kept ${seconds(idle)} without a request.`],
    [
      "connections",
      `${connections} at once. One more, and the one that has been waiting for its client longest is closed; where all ` +
      "are being answered, the new one.",
    ],
    [
      "rate",
      `${perSecond} requests a second, ${burst} at once, for each token, and for each address without one. More: 429 ` +
      "with `Retry-After`.",
    ],
    ["streams", STREAM_WORDS],
    ["guessing", LOCK_OUT_WORDS],
    [
      "session",
      `A session ends ${SESSION_IDLE / 3_600_000} h after it was last used, ${
        SESSION_MOST / 3_600_000
      } h after it began, at a restart, and with its token.`,
    ],
  ];
}
