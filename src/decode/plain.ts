import { Buffer } from "node:buffer";

/**
 * A value of a binary format as a plain value: maps become objects, keys that are integers decimal text, bytes
 * base64url text, integers numbers where these carry them, and what is absent null.
 *
 * The depth was looked at before.
 *
 * @throws {TypeError} where a key is neither text nor an integer, or stands twice
 */
export function plain(value: unknown): unknown {
  switch (typeof value) {
    case "bigint": {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value;
    }
    case "undefined":
      return null;
    case "object":
      break;
    default:
      return value;
  }
  if (value === null) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64url");
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return object(value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

function object(map: ReadonlyMap<unknown, unknown>): Record<string, unknown> {
  // `fromEntries` makes own members of every key, `__proto__` too.
  const entries = new Map<string, unknown>();
  for (const [key, value] of map) {
    const name = keyText(key);
    if (entries.has(name)) throw new TypeError(`The key ${name} stands twice in a map`);
    entries.set(name, plain(value));
  }
  return Object.fromEntries(entries);
}

function keyText(key: unknown): string {
  if (typeof key === "string") return key;
  if (typeof key === "bigint" || Number.isInteger(key)) return String(key);
  throw new TypeError(`A key of a map is ${key === null ? "null" : `of type ${typeof key}`}`);
}
