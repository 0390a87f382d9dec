import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatDuration, formatSize, parseDuration, parseRate, parseSize } from "../../../src/config/mod.ts";
import { parseFieldPath } from "../../../src/config/field_path.ts";
import { nearest } from "../../../src/config/nearest.ts";

const DURATIONS: readonly (readonly [string, number | "bad_duration"])[] = [
  ["500ms", 500],
  ["10s", 10_000],
  ["5m", 300_000],
  ["24h", 86_400_000],
  ["7d", 604_800_000],
  ["0s", 0],
  ["1.5h", 5_400_000],
  ["1.1h", 3_960_000],
  ["0.5ms", "bad_duration"],
  ["10", "bad_duration"],
  ["10 s", "bad_duration"],
  ["-10s", "bad_duration"],
  ["1h30m", "bad_duration"],
  ["10S", "bad_duration"],
  ["99999999999d", "bad_duration"],
  ["", "bad_duration"],
];

Deno.test("a duration is one number with one unit and comes out in whole milliseconds", () => {
  for (const [text, expected] of DURATIONS) {
    const value = parseDuration(text);
    assertEquals(typeof value === "number" ? value : value.reason, expected, text);
  }
});

const SIZES: readonly (readonly [string, number | "bad_size"])[] = [
  ["512B", 512],
  ["64KiB", 65_536],
  ["1.5MiB", 1_572_864],
  ["1GiB", 1_073_741_824],
  ["2TiB", 2_199_023_255_552],
  ["0B", 0],
  ["64KB", "bad_size"],
  ["64", "bad_size"],
  ["64 KiB", "bad_size"],
  ["99999999TiB", "bad_size"],
];

Deno.test("a size is one number with one binary unit and comes out in whole bytes", () => {
  for (const [text, expected] of SIZES) {
    const value = parseSize(text);
    assertEquals(typeof value === "number" ? value : value.reason, expected, text);
  }
});

Deno.test("a rate is a number above zero in a second, minute or hour", () => {
  assertEquals(parseRate("5000/s"), { limit: 5_000, per: 1_000 });
  assertEquals(parseRate("5/m"), { limit: 5, per: 60_000 });
  assertEquals(parseRate("0.5/h"), { limit: 0.5, per: 3_600_000 });
  for (const text of ["0/s", "5", "5/d", "/s", "-1/s"]) {
    const value = parseRate(text);
    assertEquals("reason" in value && value.reason, "bad_rate", text);
  }
});

Deno.test("every duration up to 100 years is read back from its own text", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 36_500 * 86_400_000 }), (ms) => {
    assertEquals(parseDuration(formatDuration(ms)), ms);
  }));
  const unit = fc.constantFrom(1, 1_000, 60_000, 3_600_000, 86_400_000);
  fc.assert(fc.property(fc.integer({ min: 0, max: 36_500 }), unit, (amount, factor) => {
    assertEquals(parseDuration(formatDuration(amount * factor)), amount * factor);
  }));
});

Deno.test("every size is read back from its own text", () => {
  fc.assert(fc.property(fc.maxSafeNat(), (bytes) => assertEquals(parseSize(formatSize(bytes)), bytes)));
  const unit = fc.constantFrom(1, 2 ** 10, 2 ** 20, 2 ** 30, 2 ** 40);
  fc.assert(fc.property(fc.integer({ min: 0, max: 8_000 }), unit, (amount, factor) => {
    assertEquals(parseSize(formatSize(amount * factor)), amount * factor);
  }));
});

Deno.test("no text makes a value parser throw or give anything but a whole number", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9.]{1,30}(ms|s|d|KiB|TiB)$/));
  fc.assert(fc.property(text, (one) => {
    for (const value of [parseDuration(one), parseSize(one)]) {
      if (typeof value === "number") assertEquals(Number.isSafeInteger(value) && value >= 0, true, one);
    }
    parseRate(one);
    parseFieldPath(one);
  }));
});

Deno.test("a path into a payload is keys, indices and quoted keys", () => {
  assertEquals(parseFieldPath("ts"), ["ts"]);
  assertEquals(parseFieldPath("sensors.vib[0]"), ["sensors", "vib", 0]);
  assertEquals(parseFieldPath("[2].x"), [2, "x"]);
  assertEquals(parseFieldPath('data["a.b"].value'), ["data", "a.b", "value"]);
  assertEquals(parseFieldPath('["say \\"hi\\""]'), ['say "hi"']);
  for (const wrong of ["", ".a", "a.", "a..b", "a[", "a[x]", "a[-1]", "a[0]b", 'a"b"', '["\\x"]']) {
    assertEquals(parseFieldPath(wrong), undefined, wrong);
  }
});

Deno.test("the nearest word counts swapped, missing and wrong letters, and far words are not named", () => {
  const known = ["url", "client_id", "keepalive", "receive_maximum"];
  assertEquals(nearest("recieve_maximum", known), "receive_maximum");
  assertEquals(nearest("keep_alive", known), "keepalive");
  assertEquals(nearest("ClientId", known), "client_id");
  assertEquals(nearest("tpye", ["tape", "type"]), "type");
  assertEquals(nearest("frobnicate", known), undefined);
  assertEquals(nearest("x", known), undefined);
  assertEquals(nearest("k".repeat(10_000), known), undefined);
});
