import type { Clock } from "../clock.ts";
import type { SendResult } from "./notifier.ts";

/** How long an attempt may take. */
export interface TimeLimit {
  /** For the limit. */
  readonly clock: Clock;
  /** The limit, ms. */
  readonly timeout: number;
  /** What to say when it has passed: a sentence for people. */
  readonly timedOut: string;
}

/**
 * One attempt within its time limit: what every notifier that talks to somebody promises.
 *
 * @param signal the gateway's own: it stops
 * @param work the attempt; it ends its connection when the signal it is given aborts
 * @returns what `work` answers; `retry` as soon as the time has passed or the gateway stops
 */
export async function withinLimit(
  limit: TimeLimit,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<SendResult>,
): Promise<SendResult> {
  const own = new AbortController();
  const given = Promise.withResolvers<SendResult>();
  const giveUp = (text: string): void => {
    given.resolve({ kind: "retry", text });
    own.abort();
  };
  const abort = (): void => giveUp("The attempt was broken off by the gateway's stop");
  const timer = limit.clock.after(limit.timeout, () => giveUp(limit.timedOut));
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  else Promise.try(work, own.signal).then(given.resolve, given.reject);
  try {
    return await given.promise;
  } finally {
    timer.cancel();
    signal.removeEventListener("abort", abort);
  }
}
