/**
 * Damage to bytes, whatever they mean: what a bad line, a bad memory or a bad program does to a payload.
 * @module
 */
import { concat } from "./concat.ts";
import { type Dice, nat, pick } from "./dice.ts";

/** Makes a damaged copy; `other` gives another real payload. */
export type Mutator = (bytes: Uint8Array, dice: Dice, other: () => Uint8Array) => Uint8Array;

/** No payload grows beyond this, bytes: a few beyond the limit of the rules are enough. */
const LARGEST = 40_000;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function flipBits(bytes: Uint8Array, dice: Dice): Uint8Array {
  const copy = bytes.slice();
  for (let times = 1 + nat(dice, 4); times > 0 && copy.length > 0; times--) {
    const at = nat(dice, copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << nat(dice, 8));
  }
  return copy;
}

const BYTES = [0x00, 0x01, 0x0a, 0x20, 0x22, 0x2c, 0x30, 0x5b, 0x5c, 0x7b, 0x7f, 0x80, 0xc0, 0xc1, 0xff];

function setBytes(bytes: Uint8Array, dice: Dice): Uint8Array {
  const copy = bytes.slice();
  for (let times = 1 + nat(dice, 3); times > 0 && copy.length > 0; times--) {
    copy[nat(dice, copy.length)] = pick(dice, BYTES);
  }
  return copy;
}

function truncate(bytes: Uint8Array, dice: Dice): Uint8Array {
  const at = nat(dice, bytes.length + 1);
  return dice.happens(0.8) ? bytes.slice(0, at) : bytes.slice(at);
}

function leaveOut(bytes: Uint8Array, dice: Dice): Uint8Array {
  const at = nat(dice, bytes.length + 1);
  return replaced(bytes, at, 1 + nat(dice, 16), new Uint8Array());
}

function insertRandom(bytes: Uint8Array, dice: Dice): Uint8Array {
  const some = Uint8Array.from({ length: 1 + nat(dice, 8) }, () => nat(dice, 256));
  return replaced(bytes, nat(dice, bytes.length + 1), 0, some);
}

function splice(bytes: Uint8Array, dice: Dice, other: () => Uint8Array): Uint8Array {
  const tail = other();
  return concat([bytes.subarray(0, nat(dice, bytes.length + 1)), tail.subarray(nat(dice, tail.length + 1))]);
}

function overwriteWithOther(bytes: Uint8Array, dice: Dice, other: () => Uint8Array): Uint8Array {
  const source = other();
  const from = nat(dice, source.length + 1);
  const part = source.subarray(from, from + 1 + nat(dice, 32));
  return replaced(bytes, nat(dice, bytes.length + 1), dice.happens(0.5) ? part.length : 0, part);
}

/** The whole, or a stretch, again and again; rarely so often that it is too large. */
function repeat(bytes: Uint8Array, dice: Dice): Uint8Array {
  const from = dice.happens(0.5) ? 0 : nat(dice, bytes.length + 1);
  const part = bytes.subarray(from, dice.happens(0.5) ? bytes.length : from + 1 + nat(dice, 24));
  const times = dice.happens(0.01) ? 2_000 : 1 + nat(dice, 6);
  const fitting = Math.min(times, Math.floor((LARGEST - bytes.length) / Math.max(1, part.length)));
  return replaced(bytes, from, 0, concat(Array.from({ length: Math.max(0, fitting) }, () => part)));
}

/** What is no UTF-8: a lone continuation, overlong forms, halves of surrogates, beyond the last character, cut short. */
const NO_UTF8 = [
  [0x80],
  [0xc0, 0xaf],
  [0xe0, 0x80, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xe2, 0x82],
  [0xff, 0xfe],
  [0xef, 0xbb, 0xbf],
].map((bytes) => Uint8Array.from(bytes));

function breakUtf8(bytes: Uint8Array, dice: Dice): Uint8Array {
  return replaced(bytes, nat(dice, bytes.length + 1), nat(dice, 3), pick(dice, NO_UTF8));
}

const NUMBERS = [
  ...["0", "-0", "1e400", "-1e400", "1e-400", "1.7976931348623157e308", "5e-324", "4.9e-324", "1e21", "0x10"],
  ...["9007199254740991", "9007199254740993", "9223372036854775807", "9223372036854775808", "-1", "1.", ".5"],
  ...["-9223372036854775808", "18446744073709551615", "18446744073709551616", "NaN", "Infinity", "-Infinity"],
  ...[
    "01",
    "1e",
    "+1",
    "1_000",
    "253402300800000",
    "-62135596800001",
    "1".repeat(400),
    "0.1".padEnd(60, "1"),
  ],
  ...["1i", "1u", "-1u", "9223372036854775808i", "18446744073709551616u", "t", "null", "1e5i", "--1"],
].map(utf8);

/** A number written in digits becomes another one. */
function changeNumber(bytes: Uint8Array, dice: Dice): Uint8Array {
  const from = nat(dice, bytes.length + 1);
  const start = bytes.findIndex((byte, at) => at >= from && isDigit(byte));
  if (start < 0) return replaced(bytes, from, 0, pick(dice, NUMBERS));
  let end = start;
  while (isDigit(bytes[end] ?? 0) || bytes[end] === 0x2e) end++;
  return replaced(bytes, start, end - start, pick(dice, NUMBERS));
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Lengths and numbers as binary formats write them, too large, too small, or of another width. */
const HEADS = [
  ...[[0xff], [0x7f], [0x80], [0xff, 0xff], [0x00, 0x00], [0xff, 0xff, 0xff, 0xff], [0x7f, 0xff, 0xff, 0xff]],
  ...[[0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x00, 0x1f, 0xff, 0xff, 0xff, 0xff]],
  // MessagePack: str, bin, array, map, ext with lengths of 8, 16, 32 bits.
  ...[[0xd9, 0xff], [0xda, 0xff, 0xff], [0xdb, 0xff, 0xff, 0xff, 0xff], [0xc4, 0x01], [
    0xc6,
    0x7f,
    0xff,
    0xff,
  ]],
  ...[[0xdc, 0xff, 0xff], [0xdd, 0x00, 0x10, 0x00, 0x00], [0xde, 0xff, 0xff], [0xdf, 0xff, 0xff, 0xff, 0xff]],
  ...[[0xc7, 0x0c, 0xff], [0xd7, 0xff, 0, 0, 0, 0], [0xc1], [0xcf, 0xff, 0xff, 0xff, 0xff], [
    0xcb,
    0x7f,
    0xf8,
  ]],
  // CBOR: lengths of 8 … 64 bits, without a length, tags, half floats, simple values.
  ...[[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x7b, 0, 0, 0, 1, 0, 0, 0, 0], [
    0x9b,
    0,
    0,
    0,
    1,
  ]],
  ...[[0xba, 0xff, 0xff, 0xff, 0xff], [0x5f], [0x7f], [0x9f], [0xbf], [0xff], [0xc2, 0x49], [0xc0], [
    0xd9,
    0xd9,
  ]],
  ...[[0xf9, 0x7c, 0x00], [0xf9, 0x7e, 0x00], [0xf9, 0x80, 0x00], [0xf8, 0x18], [0xe0], [0xf7], [0x1c], [
    0x3b,
  ]],
  // Protocol buffers: varints that do not end, the greatest, groups, fields of number 0 and of the greatest number.
  ...[[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], [0x80, 0x80], [0x0b], [0x0c], [
    0x02,
  ]],
  ...[[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0xfa, 0xff, 0xff, 0xff, 0x0f], [
    0x12,
    0x00,
  ]],
].map((bytes) => Uint8Array.from(bytes));

function changeLength(bytes: Uint8Array, dice: Dice): Uint8Array {
  const head = pick(dice, HEADS);
  return replaced(bytes, nat(dice, bytes.length + 1), dice.happens(0.6) ? head.length : nat(dice, 3), head);
}

/** What opens a level, and what closes it, in each format; protocol buffers open one by a length. */
const LEVELS: readonly (readonly [open: Uint8Array, close: Uint8Array])[] = [
  [utf8("["), utf8("]")],
  [utf8('{"a":'), utf8("}")],
  [utf8("["), utf8("")],
  [Uint8Array.of(0x81), Uint8Array.of()],
  [Uint8Array.of(0xa1, 0x61, 0x61), Uint8Array.of()],
  [Uint8Array.of(0x9f), Uint8Array.of(0xff)],
  [Uint8Array.of(0xc1), Uint8Array.of()],
  [Uint8Array.of(0x91), Uint8Array.of()],
  [Uint8Array.of(0x81, 0xa1, 0x61), Uint8Array.of()],
  [Uint8Array.of(0x12, 0x7f), Uint8Array.of()],
];

function nest(bytes: Uint8Array, dice: Dice): Uint8Array {
  const [open, close] = pick(dice, LEVELS);
  const deep = dice.happens(0.02) ? 2_000 : 1 + nat(dice, 40);
  const at = dice.happens(0.5) ? 0 : nat(dice, bytes.length + 1);
  const many = (part: Uint8Array): Uint8Array => concat(Array.from({ length: deep }, () => part));
  return concat([bytes.subarray(0, at), many(open), bytes.subarray(at), many(close)]);
}

const TEXTS = [
  ...[
    '"__proto__":',
    '"constructor"',
    '"\\ud800"',
    '"\\u0000"',
    "\\",
    '"',
    "\u0000",
    "\u2028",
    "😀",
    "\n",
    "\r\n",
  ],
  ...["{}", "[]", "null", ",", ":", ",,", "#", " ", "=", '{"a":1}', '[{"n":"a"}]', "\\n", "\\,", "\ufeff"],
].map(utf8);

function insertText(bytes: Uint8Array, dice: Dice): Uint8Array {
  return replaced(bytes, nat(dice, bytes.length + 1), nat(dice, 3), pick(dice, TEXTS));
}

/** Every kind of damage, by name. */
export const BYTE_MUTATORS: readonly Mutator[] = [
  flipBits,
  setBytes,
  truncate,
  leaveOut,
  insertRandom,
  splice,
  overwriteWithOther,
  repeat,
  breakUtf8,
  changeNumber,
  changeLength,
  nest,
  insertText,
];

function replaced(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  return concat([bytes.subarray(0, at), insert, bytes.subarray(Math.min(bytes.length, at + remove))]);
}
