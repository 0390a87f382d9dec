/**
 * Whatever a message holds, an independent reader of RFC 5424 (tests/support/syslog_parser.ts) finds the same.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { encodeSyslog, octetCounted, type SyslogMessage } from "../../src/notify/rfc5424.ts";
import { frames, parseSyslog } from "../support/syslog_parser.ts";

/** Any text there is, with much of what has a meaning in the format. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom('"', "\\", "]", "[", "=", " ", "\n", "\0", "\ufeff", "ü", "😀", "a") }),
  fc.string({ unit: fc.constantFrom("\ud800", "\udc00", "x") }),
  fc.string({ unit: fc.constantFrom("😀", "]"), minLength: 250, maxLength: 300 }),
);

const messages: fc.Arbitrary<SyslogMessage> = fc.record({
  facility: fc.integer({ min: 0, max: 23 }),
  severity: fc.integer({ min: 0, max: 7 }),
  time: fc.constantFrom(null, "2023-11-14T22:13:10.000Z", "2023-11-14T22:13:10Z"),
  hostname: anyText,
  appName: anyText,
  msgId: anyText,
  data: fc.record({
    id: fc.constant("alert@32473"),
    params: fc.array(fc.tuple(anyText, anyText), { maxLength: 6 }),
  }),
  text: anyText,
});

/** What the format can hold of a text: control characters are spaces, lone surrogates are U+FFFD. */
function held(text: string): string {
  return [...text.toWellFormed()].map((character) => {
    const code = character.codePointAt(0) ?? 0;
    const control = code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029;
    return control ? " " : character;
  }).join("");
}

Deno.test("an independent reader finds in a message what was put into it", () => {
  fc.assert(fc.property(messages, (message) => {
    const parsed = parseSyslog(encodeSyslog(message, 1_000_000));
    assertEquals([parsed.facility, parsed.severity], [message.facility, message.severity]);
    assertEquals(parsed.timestamp, message.time ?? "-");
    assertEquals(parsed.procId, "-");
    assertEquals(parsed.text, held(message.text));
    const values = [...parsed.data.get("alert@32473")?.values() ?? []].flat().sort();
    const expected = message.data.params.map(([, value]) => {
      const points = [...held(value)];
      return points.length > 256 ? `${points.slice(0, 255).join("")}…` : points.join("");
    }).sort();
    assertEquals(values, expected);
  }));
});

Deno.test("a message that is shortened stays whole characters, within its bytes, with all its data", () => {
  fc.assert(fc.property(messages, fc.integer({ min: 0, max: 400 }), (message, more) => {
    const head = encodeSyslog({ ...message, text: "" }, 0).length;
    const bytes = encodeSyslog(message, head + more);
    assert(bytes.length <= head + more);
    const parsed = parseSyslog(bytes);
    const whole = held(message.text);
    assert(whole.startsWith(parsed.text));
    const next = [...whole.slice(parsed.text.length)][0];
    if (next !== undefined) assert(bytes.length + new TextEncoder().encode(next).length > head + more);
  }));
});

Deno.test("frames come out of a stream as they went in, wherever it is cut", () => {
  fc.assert(
    fc.property(fc.array(messages, { minLength: 1, maxLength: 4 }), fc.nat(), (all, cut) => {
      const encoded = all.map((message) => encodeSyslog(message, 4_096));
      const stream = new Uint8Array(encoded.flatMap((one) => [...octetCounted(one)]));
      const at = cut % (stream.length + 1);
      const first = frames(stream.subarray(0, at));
      const second = frames(new Uint8Array([...first.rest, ...stream.subarray(at)]));
      assertEquals([...first.whole, ...second.whole], encoded);
      assertEquals(second.rest.length, 0);
    }),
    { numRuns: 40 },
  );
});
