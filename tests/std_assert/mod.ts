/**
 * The functions of `@std/assert` that this project uses, with its signatures, over `node:assert`.
 *
 * It stands in where the JSR registry is out of reach; see tests/README.md.
 * @module
 */
import nodeAssert from "node:assert";
import { inspect, isDeepStrictEqual } from "node:util";

/** The error that a failed assertion throws. */
export class AssertionError extends Error {
  /** @param message what failed */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

// deno-lint-ignore no-explicit-any -- the signature of @std/assert
type ErrorClass<E extends Error = Error> = abstract new (...args: any[]) => E;

function suffix(msg?: string): string {
  return msg === undefined ? "." : `: ${msg}`;
}

function difference(actual: unknown, expected: unknown): string {
  try {
    nodeAssert.deepStrictEqual(actual, expected);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Throws unless `expr` is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/** Throws unless `expr` is falsy. */
export function assertFalse(expr: unknown, msg = ""): asserts expr is false {
  if (expr) throw new AssertionError(msg);
}

/** Throws unless both are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new AssertionError(`Values are not equal${suffix(msg)}\n${difference(actual, expected)}`);
}

/** Throws if both are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!isDeepStrictEqual(actual, expected)) return;
  throw new AssertionError(
    `Expected actual: ${inspect(actual)} not to be: ${inspect(expected)}${suffix(msg)}`,
  );
}

/** Throws unless both are the same by `Object.is`. */
export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T {
  if (Object.is(actual, expected)) return;
  throw new AssertionError(
    `Values are not strictly equal${suffix(msg)}\n${inspect(actual)} is not ${inspect(expected)}`,
  );
}

/** Throws if `actual` is `null` or `undefined`. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(`Expected actual: "${actual}" to not be null or undefined${suffix(msg)}`);
}

/** Throws unless `actual` is an instance of `expectedType`. */
export function assertInstanceOf<E extends Error>(
  actual: unknown,
  expectedType: ErrorClass<E>,
  msg?: string,
): asserts actual is E {
  if (actual instanceof expectedType) return;
  throw new AssertionError(
    `Expected ${inspect(actual)} to be an instance of ${expectedType.name}${suffix(msg)}`,
  );
}

/** Throws unless the two numbers differ by at most `tolerance` (default 1e-7, relative to `expected`). */
export function assertAlmostEquals(actual: number, expected: number, tolerance?: number, msg?: string): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ?? (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  const delta = Math.abs(expected - actual);
  if (delta <= allowed) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to be close to "${expected}": delta ${delta} is greater than ${allowed}${
      suffix(msg)
    }`,
  );
}

/** Throws unless `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (actual > expected) return;
  throw new AssertionError(`Expect ${inspect(actual)} > ${inspect(expected)}${suffix(msg)}`);
}

/** Throws unless `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (actual >= expected) return;
  throw new AssertionError(`Expect ${inspect(actual)} >= ${inspect(expected)}${suffix(msg)}`);
}

/** Throws unless `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (actual < expected) return;
  throw new AssertionError(`Expect ${inspect(actual)} < ${inspect(expected)}${suffix(msg)}`);
}

/** Throws unless `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (actual <= expected) return;
  throw new AssertionError(`Expect ${inspect(actual)} <= ${inspect(expected)}${suffix(msg)}`);
}

/** Throws unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(`Expected actual: "${actual}" to contain: "${expected}"${suffix(msg)}`);
}

/** Throws unless `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (expected.test(actual)) return;
  throw new AssertionError(`Expected actual: "${actual}" to match: "${expected}"${suffix(msg)}`);
}

/** Throws if `actual` matches `expected`. */
export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void {
  if (!expected.test(actual)) return;
  throw new AssertionError(`Expected actual: "${actual}" to not match: "${expected}"${suffix(msg)}`);
}

function judged<E extends Error>(
  error: unknown,
  expectedClass?: ErrorClass<E>,
  includes?: string,
  msg?: string,
): E {
  if (!(error instanceof Error)) throw new AssertionError(`A non-Error object was thrown${suffix(msg)}`);
  if (expectedClass && !(error instanceof expectedClass)) {
    throw new AssertionError(
      `Expected error to be instance of "${expectedClass.name}", but was "${error.constructor.name}"${
        suffix(msg)
      }`,
      { cause: error },
    );
  }
  if (includes !== undefined && !error.message.includes(includes)) {
    throw new AssertionError(
      `Expected error message to include ${inspect(includes)}, but got ${inspect(error.message)}${
        suffix(msg)
      }`,
      { cause: error },
    );
  }
  return error as E;
}

/** Runs `fn` and throws unless it throws; returns the error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  expectedClass?: ErrorClass<E>,
  includes?: string,
  msg?: string,
): E {
  let thrown: unknown;
  try {
    fn();
  } catch (error) {
    thrown = error;
    return judged(thrown, expectedClass, includes, msg);
  }
  throw new AssertionError(`Expected function to throw${suffix(msg)}`);
}

/** Runs `fn` and throws unless its promise rejects; returns the error. */
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  expectedClass?: ErrorClass<E>,
  includes?: string,
  msg?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return judged(error, expectedClass, includes, msg);
  }
  throw new AssertionError(`Expected function to reject${suffix(msg)}`);
}

/** Throws always. */
export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${suffix(msg)}`);
}
