import { inspect } from "node:util";

/** How long `until` waits, and what it prints when it gives up. */
export interface Patience {
  /** Longest wait in ms; default 10 s. Generous on purpose: a test never asserts a time. */
  readonly timeout?: number;
  /** Wait between two looks in ms; default 5 ms. */
  readonly every?: number;
  /** What to print when the wait gives up, besides the condition's last value. */
  readonly state?: () => unknown;
}

/**
 * Waits until a condition holds: the tests' only way to wait.
 *
 * @param what the condition in words, for the error
 * @param condition called again and again; anything truthy ends the wait
 * @returns the truthy value
 * @throws Error when the wait gives up; it shows the last value and `state`
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  patience: Patience = {},
): Promise<NonNullable<T>> {
  const timeout = patience.timeout ?? 10_000;
  const end = performance.now() + timeout;
  while (true) {
    const value = await condition();
    if (value) return value as NonNullable<T>;
    if (performance.now() > end) {
      const state = patience.state === undefined
        ? ""
        : `, state: ${inspect(await patience.state(), { depth: 6 })}`;
      throw new Error(`Waited ${timeout} ms until ${what}; last value: ${inspect(value)}${state}`);
    }
    await new Promise((resolve) => setTimeout(resolve, patience.every ?? 5));
  }
}
