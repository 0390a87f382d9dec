import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { expectedPoints, type Published } from "../../../devices/simulator/mod.ts";
import { isLeftOut, judge, type OracleRules } from "../../../devices/simulator/oracle_readings.ts";
import { sampleDraw } from "../../../devices/simulator/oracle_sample.ts";
import type { SampleRule } from "../../../src/model/mod.ts";
import { EVERY_READING, field, profile } from "./rules.ts";

const T = 1_700_000_000_000;

function rules(sample: SampleRule, sequence: readonly string[] | null = null): OracleRules {
  const fields = [
    field("severity", "string", EVERY_READING, { tag: true, required: true }),
    field("text", "string", EVERY_READING),
    field("pid", "int", EVERY_READING, { range: [0, 9] }),
    field("security", "boolean", EVERY_READING),
  ];
  return {
    subscriptions: [{ topic: "logs/{device}", profile: "p", format: "json", tags: {} }],
    profiles: { p: profile("p", "logs", fields, { sample, sequence }) },
  };
}

function says(...payloads: readonly object[]): Published[] {
  return payloads.map((payload) => ({ topic: "logs/d1", payload: JSON.stringify(payload), receivedAt: T }));
}

/** Next to nothing is kept but by exception. */
const HARDLY: SampleRule = { keep: 1, of: 1_000_000, except: { severity: ["err"], security: [true] } };

Deno.test("topic and payload decide: so much of many is kept as the profile says, short or long", () => {
  for (const length of [10, 300]) {
    const draws = Array.from(
      { length: 4_000 },
      (_, n) => sampleDraw("logs/d1", `${n} ${"x".repeat(length)}`),
    );
    assert(draws.every((draw) => draw >= 0 && draw < 1));
    assertAlmostEquals(draws.filter((draw) => draw < 0.1).length / draws.length, 0.1, 0.02);
  }
  assertEquals(sampleDraw("logs/d1", "x"), sampleDraw("logs/d1", "x"));
  assert(sampleDraw("logs/d1", "x") !== sampleDraw("logs/d2", "x"));
});

Deno.test("the draw is worked out by the published algorithms", () => {
  // FNV-1a of "foobar", which is bf9cf968 (draft-eastlake-fnv, appendix C), through MurmurHash3's fmix32.
  assertEquals(Math.round(sampleDraw("foo", "bar") * 2 ** 32), fmix32(0xbf9cf968));
  // A topic whose hash is 0 would leave the CRC alone; with any other it goes on from there, as zlib's crc32 does.
  const long = "123456789".repeat(40);
  assertEquals(Math.round(sampleDraw("foobar", long) * 2 ** 32), fmix32(crc32Table(long, 0xbf9cf968)));
  assertEquals(crc32Table("123456789", 0), 0xcbf43926, "the check value of CRC-32/ISO-HDLC");
});

/** MurmurHash3's finaliser, as its author wrote it. */
function fmix32(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
  h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
  return (h ^ h >>> 16) >>> 0;
}

/** CRC-32 by table, as in RFC 1952, section 8. */
function crc32Table(text: string, from: number): number {
  const table = Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ c >>> 1 : c >>> 1;
    return c;
  });
  let c = ~from >>> 0;
  for (const byte of new TextEncoder().encode(text)) c = (table[(c ^ byte) & 0xff] ?? 0) ^ c >>> 8;
  return ~c >>> 0;
}

Deno.test("a message that is left out counts as sampled, makes no reading and no point", () => {
  const { sampled, readings, quarantined, points } = expectedPoints(
    says(
      { ts: T, severity: "info", text: "a" },
      { ts: T + 1, severity: "err", text: "b" },
      { ts: T + 2, severity: "info", text: "c", security: true },
      { ts: T + 3, severity: "info", text: "d", security: false },
    ),
    rules(HARDLY),
  );
  assertEquals([sampled, readings, quarantined, points.values], [2, 3, 0, 3]);
});

Deno.test("what is refused, and be it in part or for its time, is never left out", () => {
  const { sampled, rejected, quarantined } = expectedPoints(
    says(
      { ts: T, severity: "info", text: "a", pid: -1 },
      { ts: T + 86_400_000, severity: "info", text: "b" },
      { ts: T, severity: 3, text: "c" },
    ),
    rules(HARDLY),
  );
  assertEquals([sampled, rejected, quarantined], [0, 2, 1]);
});

Deno.test("a repeated number is a duplicate, be its message left out or not; a rule on alerts sees what is left out", () => {
  const message = { ts: T, seq: 1, severity: "info", text: "a" };
  const counting = rules(HARDLY, ["seq"]);
  const { sampled, duplicate } = expectedPoints(says(message, message), counting);
  assertEquals([sampled, duplicate], [1, 1]);
  const [one] = says(message);
  assert(one !== undefined && isLeftOut(counting, one));
  const judgement = judge(counting, one.topic, one.payload, one.receivedAt);
  assert(judgement.kind === "taken");
  assertEquals(judgement.readings.map(({ value }) => value), ["a"]);
});
