/**
 * The one retry policy: how long to wait before the next attempt.
 *
 * In: the number of the attempt that failed and, where the other side said one, its `Retry-After`.
 * Out: a delay in ms. Full jitter, so that a thousand gateways that lost one server do not return as one
 * (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 * @module
 */
export { type Backoff, fullJitter } from "./backoff.ts";
export { parseRetryAfter } from "./retry_after.ts";
