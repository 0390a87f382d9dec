import { type Limits, type Refusal, shown } from "../model/mod.ts";
import type { Decoded, Decoder, DecodeResult } from "./decoder.ts";
import { LineReader } from "./line_reader.ts";
import { momentOf } from "./moment.ts";
import { oversized, refused } from "./refused.ts";
import { notUtf8, utf8Text } from "./text.ts";

/**
 * InfluxDB line protocol as input (https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/): each line
 * is one record. Fields become values by their keys, tags string members under `tags` (path `tags.site`), the
 * measurement the text `measurement`; a field of one of these two names hides it. The timestamp counts
 * nanoseconds since 1970; a line without one has the time of receipt.
 *
 * Empty lines and lines that begin with `#` are passed over. A tag key that stands twice is refused, of a field key
 * that stands twice the last value counts, as in InfluxDB. One line that cannot be read refuses the message.
 */
export function lineProtocolDecoder(): Decoder {
  return { decode };
}

const INT64 = 64;

function decode(payload: Uint8Array, limits: Limits): DecodeResult {
  const large = oversized(payload, limits);
  if (large !== undefined) return refused(large);
  const text = utf8Text(payload);
  if (text === undefined) return refused(notUtf8(payload));
  const reader = new LineReader(text);
  const records: Decoded[] = [];
  while (reader.nextLine()) {
    if (records.length >= limits.keys) {
      return refused({ reason: "too_many_keys", allowed: `at most ${limits.keys} lines in one payload` });
    }
    const record = readLine(reader, limits);
    if ("reason" in record) {
      return refused({ ...record, hint: `in line ${reader.line}${record.hint ? `: ${record.hint}` : ""}` });
    }
    records.push(record);
  }
  if (records.length > 0) return { ok: true, records, needs: "some" };
  return refused({ reason: "no_readings", found: "a payload without a line" });
}

function readLine(reader: LineReader, limits: Limits): Decoded | Refusal {
  const measurement = reader.name(", ");
  if (measurement === "") return undecodable("a line without a measurement");
  const tags = new Map<string, string>();
  const fields = new Map<string, unknown>();
  while (reader.skip(",")) {
    const key = reader.name(",= ");
    if (key === "" || !reader.skip("=")) return undecodable(`tag "${shown(key)}"`, "tags as key=value");
    const value = reader.name(",= ");
    if (value === "") return undecodable(`tag "${shown(key)}" without a value`, "tags as key=value");
    if (tags.has(key)) return undecodable(`tag "${shown(key)}" twice`, "each tag once");
    tags.set(key, value);
    if (tags.size > limits.keys) return tooMany(limits);
  }
  if (!reader.skip(" ")) return undecodable("a line without a field", "fields as key=value");
  reader.skipSpaces();
  do {
    const key = reader.name(",= ");
    if (key === "" || !reader.skip("=")) return undecodable(`field "${shown(key)}"`, "fields as key=value");
    const value = reader.skip('"') ? reader.quoted() : fieldValue(reader.word());
    if (value === undefined) {
      const allowed = 'a number, 1i, 1u, true, false, or a text in "quotes"';
      return { reason: "undecodable", field: shown(key), found: shown(reader.lastWord), allowed };
    }
    fields.set(key, value);
    if (fields.size > limits.keys) return tooMany(limits);
  } while (reader.skip(","));
  if (!reader.atEnd && !reader.skip(" ")) {
    return undecodable(shown(reader.word()), "a comma, a space or the end");
  }
  reader.skipSpaces();
  const stamp = reader.word();
  reader.skipSpaces();
  if (!reader.atEnd) return undecodable(shown(reader.word()), "the end of the line");
  // Own members of every key, `__proto__` too.
  const values = Object.fromEntries<unknown>([
    ["measurement", measurement],
    ["tags", Object.fromEntries(tags)],
    ...fields,
  ]);
  if (stamp === "") return { values };
  const time = /^-?\d{1,19}$/.test(stamp) ? BigInt(stamp) : undefined;
  if (time === undefined || BigInt.asIntN(INT64, time) !== time) {
    return { reason: "bad_time", found: shown(stamp), allowed: "nanoseconds since 1970" };
  }
  return { values, moment: momentOf(time) };
}

function undecodable(found: string, allowed?: string): Refusal {
  return { reason: "undecodable", found, ...(allowed === undefined ? {} : { allowed }) };
}

function tooMany(limits: Limits): Refusal {
  return { reason: "too_many_keys", allowed: `at most ${limits.keys} keys in one line` };
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["t", "T", "true", "True", "TRUE"].map((word): [string, boolean] => [word, true]),
  ...["f", "F", "false", "False", "FALSE"].map((word): [string, boolean] => [word, false]),
]);

/** `undefined` where it is no value. NaN and infinities have no place in line protocol. */
function fieldValue(word: string): number | bigint | boolean | undefined {
  const boolean = BOOLEANS.get(word);
  if (boolean !== undefined) return boolean;
  if (/^-?\d{1,20}i$/.test(word)) return whole(word, (value) => BigInt.asIntN(INT64, value));
  if (/^\d{1,20}u$/.test(word)) return whole(word, (value) => BigInt.asUintN(INT64, value));
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(word)) return undefined;
  return Number(word);
}

function whole(word: string, wrap: (value: bigint) => bigint): number | bigint | undefined {
  const value = BigInt(word.slice(0, -1));
  if (wrap(value) !== value) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
