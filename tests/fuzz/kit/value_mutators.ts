/**
 * Changes to what a payload says, before a format writes it: values of other types and sizes, names that are none,
 * members too many or too few.
 * @module
 */
import { type Dice, nat, pick } from "./dice.ts";

/** An object as a device means it: plain values, bigints and bytes. */
export type Members = Readonly<Record<string, unknown>>;

const LONG = "x".repeat(300);

/** Values that no device ought to send in this place. */
const VALUES: readonly unknown[] = [
  ...[0, -0, 1, -1, 1e308, -1.7976931348623157e308, 5e-324, 0.1 + 0.2, 2 ** 53 + 2, 2 ** 63, NaN, Infinity],
  ...[9007199254740993n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n],
  ...[
    true,
    false,
    null,
    "",
    "0",
    "21.5",
    "NaN",
    "true",
    " ",
    LONG,
    "\ud800",
    "\u0000",
    "a\nb",
    "😀",
  ],
  ...[
    "#",
    "\\",
    "a\\",
    "a\\,b",
    "a,b",
    "a=b",
    "a b",
    '"',
    "__proto__",
    "2025-11-24T16:00:00Z",
    "2025-02-30T00:00:00Z",
  ],
  ...[[], {}, [1, 2, 3], [[[]]], { a: { b: { c: { d: 1 } } } }, new Uint8Array([1, 2, 3]), [null, "x", 1n]],
];

const NAMES = [
  ...[
    "__proto__",
    "constructor",
    "toString",
    "",
    " ",
    "time",
    "ts",
    "#x",
    "a b",
    "a,b",
    "a=b",
    'a"b',
    "a\\",
    "a\\ b",
  ],
  ...["\u0000", "\n", "\ud800", "\udc00x", "😀", "é", "e\u0301", LONG, "0", "length", "temperature", "seq"],
];

type Change = (members: Record<string, unknown>, dice: Dice) => void;

const CHANGES: readonly Change[] = [
  (members, dice) => {
    put(members, anyName(members, dice), pick(dice, VALUES));
  },
  (members, dice) => {
    const name = anyName(members, dice);
    put(members, name, scaled(members[name], dice));
  },
  // A text that nobody has said before: where it is a tag, it is a series of its own.
  (members, dice) => put(members, anyName(members, dice), `u${nat(dice, 1_000_000)}`),
  (members, dice) => void delete members[anyName(members, dice)],
  (members, dice) => {
    const name = anyName(members, dice);
    const value = members[name];
    delete members[name];
    put(members, pick(dice, NAMES), value);
  },
  (members, dice) => put(members, dice.happens(0.7) ? pick(dice, NAMES) : `k${nat(dice, 5_000)}`, 1.5),
  (members, dice) => {
    const name = anyName(members, dice);
    put(members, name, dice.happens(0.5) ? [members[name]] : { [name]: members[name] });
  },
  (members, dice) => {
    const [one, two] = [anyName(members, dice), anyName(members, dice)];
    const value = members[one];
    put(members, one, members[two]);
    put(members, two, value);
  },
  (members, dice) => {
    for (let n = dice.happens(0.1) ? 80 : nat(dice, 10); n > 0; n--) {
      put(members, `m${n}`, pick(dice, VALUES));
    }
  },
];

/** A copy with some changes, here or in an object within; what was changed is never shared. */
export function changed(value: Members, dice: Dice): Members {
  const copy: Record<string, unknown> = { ...value };
  for (let times = 1 + nat(dice, 2); times > 0; times--) {
    const name = anyName(copy, dice);
    const inner = copy[name];
    if (isMembers(inner) && dice.happens(0.5)) put(copy, name, changed(inner, dice));
    else pick(dice, CHANGES)(copy, dice);
  }
  return copy;
}

/** A batch of it, as some devices send their memory. */
export function batched(value: Members, dice: Dice): unknown {
  const size = dice.happens(0.05) ? 100 : nat(dice, 6);
  return Array.from({ length: size }, () => dice.happens(0.7) ? value : changed(value, dice));
}

/** Whether a value has members of its own to change. */
export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Uint8Array);
}

/** Defines a member, also one of a name that assignment would take for something else. */
function put(members: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
}

function anyName(members: Members, dice: Dice): string {
  const names = Object.keys(members);
  return names.length === 0 ? "a" : pick(dice, names);
}

/** Near misses: a little, or much, beside the value. */
function scaled(value: unknown, dice: Dice): unknown {
  if (typeof value === "number") return value * pick(dice, [-1, 0.5, 1.0001, 10, 1_000, 1e-3, 1e6, 1e300]);
  if (typeof value === "string") {
    return dice.happens(0.5) ? value.slice(nat(dice, value.length + 1)) : value + value;
  }
  return typeof value === "boolean" ? !value : value;
}
