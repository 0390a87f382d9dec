import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decodeInbox } from "../../../src/buffer/mod.ts";
import { InboxEncoder, KIND } from "../../../src/buffer/inbox_codec.ts";
import type { InboxContent, InboxRecord, Message, Stamp } from "../../../src/model/mod.ts";
import { EMPTY_RULES } from "../../../src/pipeline/mod.ts";
import { profile, rulesOf } from "../pipeline/river_bench.ts";

const stamp: fc.Arbitrary<Stamp> = fc.record({
  receivedAt: fc.integer({ min: -1e14, max: 1e14 }),
  elapsed: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  implausible: fc.boolean(),
}, { noNullPrototype: true });

// What UTF-8 can carry: the text of a topic comes from bytes and holds no half of a surrogate pair.
const topic = fc.string({ unit: "binary", minLength: 1, maxLength: 60 }).filter((text) =>
  text.isWellFormed()
);

const message: fc.Arbitrary<Message> = fc.record({
  topic,
  payload: fc.uint8Array({ maxLength: 300 }),
  connection: fc.nat({ max: 0xffff_ffff }),
  packetId: fc.nat({ max: 0xffff }),
  dup: fc.boolean(),
  retain: fc.boolean(),
  userProperties: fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.string()), { maxLength: 3 }),
  originalBytes: fc.option(fc.nat({ max: 268_435_455 }), { nil: undefined }),
}, { noNullPrototype: true }).map(({ originalBytes, ...rest }) =>
  originalBytes === undefined ? rest : { ...rest, originalBytes }
);

function roundTrip(encoder: InboxEncoder, content: InboxContent, stamp: Stamp): InboxRecord {
  const body = content.kind === "message"
    ? encoder.message(content.message, stamp)
    : encoder.other(content, stamp);
  const decoded = decodeInbox(7, KIND[content.kind], body.slice());
  if (decoded.content.kind !== "message") return decoded;
  // The payload is a view; what it shows is compared.
  const payload = decoded.content.message.payload.slice();
  return { ...decoded, content: { kind: "message", message: { ...decoded.content.message, payload } } };
}

Deno.test("a message comes out of the inbox's bytes as it went in: topic, payload, flags, user properties", () => {
  const encoder = new InboxEncoder();
  fc.assert(fc.property(message, stamp, (message, stamp) => {
    const content = { kind: "message", message } as const;
    assertEquals(roundTrip(encoder, content, stamp), { position: 7, stamp, content });
  }));
});

Deno.test("a byte order mark at the head of a topic is part of it (MQTT 5.0, 1.5.4-3)", () => {
  const content = {
    kind: "message",
    message: {
      topic: "\ufeffplant/k1",
      payload: new Uint8Array(0),
      connection: 1,
      packetId: 1,
      dup: false,
      retain: false,
      userProperties: [],
    },
  } as const;
  const found = roundTrip(new InboxEncoder(), content, { receivedAt: 1, elapsed: 2, implausible: false });
  assertEquals(found.content, content);
});

Deno.test("the longest topic and a payload larger than the encoder's buffer go through, and the next one too", () => {
  const encoder = new InboxEncoder();
  const stamp = { receivedAt: 1, elapsed: 2, implausible: true };
  for (const size of [200_000, 3]) {
    const content = {
      kind: "message",
      message: {
        topic: "€".repeat(21_845),
        payload: new Uint8Array(size).fill(0xab),
        connection: 1,
        packetId: 1,
        dup: true,
        retain: true,
        userProperties: [["a", "b"]],
      },
    } as const;
    assertEquals(roundTrip(encoder, content, stamp), {
      position: 7,
      stamp,
      content: content as InboxContent,
    });
  }
});

Deno.test("ticks, sessions and rules come out as they went in", () => {
  const encoder = new InboxEncoder();
  const contents: InboxContent[] = [
    { kind: "tick" },
    { kind: "session", session: { connection: 9, resumed: true } },
    { kind: "rules", rules: EMPTY_RULES },
    { kind: "rules", rules: rulesOf(profile([])) },
  ];
  for (const content of contents) {
    const stamp = { receivedAt: 1.7e12, elapsed: 0, implausible: content.kind === "tick" };
    assertEquals(roundTrip(encoder, content, stamp), { position: 7, stamp, content });
  }
});

Deno.test("what people asked for comes out as it went in, payloads to the byte", () => {
  const encoder = new InboxEncoder();
  const silence = {
    id: "s1",
    rule: null,
    device: "kiln-*",
    reason: "ä\u2028",
    by: "ops",
    since: 1,
    until: 2,
  };
  const entry = {
    id: 4,
    what: "readings",
    reason: "range",
    inboxPosition: 3,
    topic: "plant/k1",
    device: null,
    record: 1,
    fields: ["t", "n"],
    retain: false,
    userProperties: [["a", "b"]],
    receivedAt: 5,
    implausible: true,
    readings: 2,
  } as const;
  const payloads = [new Uint8Array(0), new Uint8Array([0xff, 0, 0x80]), new Uint8Array(300).fill(0xab)];
  const contents: InboxContent[] = [
    { kind: "command", command: { kind: "acknowledge", alert: "hot:a%3Ab", by: "ops", note: null } },
    { kind: "command", command: { kind: "silence", silence } },
    { kind: "command", command: { kind: "unsilence", id: "s1", by: "ops" } },
    {
      kind: "command",
      command: {
        kind: "reinject",
        by: "ops",
        oldest: 2,
        entries: payloads.map((payload) => ({ ...entry, payload })),
      },
    },
  ];
  for (const content of contents) {
    const stamp = { receivedAt: 1.7e12, elapsed: 3, implausible: false };
    assertEquals(roundTrip(encoder, content, stamp), { position: 7, stamp, content });
  }
});

Deno.test("a kind that only a newer version knows is an error that says so", () => {
  const body = new InboxEncoder().other({ kind: "tick" }, { receivedAt: 0, elapsed: 0, implausible: false });
  assertThrows(() => decodeInbox(12, 99, body), RangeError, 'record 12 has the unknown kind "99"');
});
