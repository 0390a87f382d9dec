import { assertEquals } from "@std/assert";
import { loadConfig, renderProblem } from "../../../src/config/mod.ts";
import { runExamples } from "../../../src/explain/mod.ts";
import { memorySources, small } from "../config/memory_sources.ts";

const HEAD = `profile: room
time: { field: ts, unit: s }
fields:
  temperature: { type: float, scale: 0.1, range: [0, 50], required: true }
  humidity: { type: int, range: [0, 100] }
  door: { type: boolean }
  label: { type: string, max_length: 8 }
examples:
`;

/** HMAC of "Ada" under the key of examples. */
const HASH_OF_ADA = "cf7ec49192ac52a2";

/** What is wrong with the examples of a profile: \`undefined\` for each that is as it says. */
async function differences(examples: string, profile = HEAD, config = ""): Promise<unknown[]> {
  const files = small(config, { "devices/profiles/room.yaml": profile + examples });
  const loaded = await loadConfig("gateway.yaml", memorySources(files));
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  return runExamples(loaded.rules, loaded.examples).map(({ difference }) => difference);
}

Deno.test("an example that says exactly what comes out is right, rounding aside", async () => {
  assertEquals(
    await differences(`
  - message: { ts: 1764000000, temperature: 216, humidity: 40, door: true, label: north }
    readings: { temperature: 21.6, humidity: 40, door: true, label: north }
  - message: { ts: 1764000000, temperature: 219 }
    readings: { temperature: 21.9 }
`),
    [undefined, undefined],
  );
});

const WRONG: readonly [sentence: string, example: string, found: string, expected: string][] = [
  [
    "another number",
    "message: { ts: 1764000000, temperature: 216 }\n    readings: { temperature: 21.7 }",
    "temperature = 21.6",
    "temperature = 21.7",
  ],
  [
    "a text where a number comes out",
    'message: { ts: 1764000000, temperature: 216 }\n    readings: { temperature: "21.6" }',
    "temperature = 21.6",
    "temperature = 21.6",
  ],
  [
    "a reading that does not come out",
    "message: { ts: 1764000000, temperature: 216 }\n    readings: { temperature: 21.6, humidity: 40 }",
    "no humidity",
    "humidity = 40",
  ],
  [
    "a field that the profile does not have",
    "message: { ts: 1764000000, temperature: 216 }\n    readings: { temperature: 21.6, constructor: 1 }",
    "no constructor",
    "constructor = 1",
  ],
  [
    "fewer readings than come out",
    "message: { ts: 1764000000, temperature: 216, door: false }\n    readings: { temperature: 21.6 }",
    "door = false",
    "no door",
  ],
  [
    "no word of a field that is refused",
    "message: { ts: 1764000000, temperature: 216, humidity: 140 }\n    readings: { temperature: 21.6 }",
    "refused range (humidity)",
    "nothing refused",
  ],
  [
    "a refusal where nothing is refused",
    "message: { ts: 1764000000, temperature: 216 }\n    readings: { temperature: 21.6 }\n    refused: range",
    "nothing refused",
    "refused range",
  ],
  [
    "another reason",
    "message: { ts: 1764000000, temperature: 900 }\n    refused: type",
    "refused range (temperature)",
    "refused type",
  ],
  [
    "readings of a message that is refused as a whole",
    "message: { ts: 1764000000, humidity: 40 }\n    readings: { humidity: 40 }",
    "no humidity, refused missing_field (temperature)",
    "humidity = 40, nothing refused",
  ],
  [
    "a refusal, and readings come out",
    "message: { ts: 1764000000, temperature: 216 }\n    refused: range",
    "temperature = 21.6, nothing refused",
    "no temperature, refused range",
  ],
];

for (const [sentence, example, found, expected] of WRONG) {
  Deno.test(`an example is wrong that says ${sentence}`, async () => {
    assertEquals(await differences(`  - ${example}\n`), [{ found, expected }]);
  });
}

Deno.test("a message is received at its own time, or at received_at, and then its age is judged", async () => {
  assertEquals(
    await differences(`
  - message: { ts: 1000, temperature: 216 }
    readings: { temperature: 21.6 }
  - message: { ts: 1764000000, temperature: 216 }
    received_at: 2025-12-10T00:00:00+01:00
    readings: { temperature: 21.6 }
  - message: { ts: 1764000000, temperature: 216 }
    received_at: 2026-03-01T00:00:00Z
    refused: too_old
  - message: { ts: 1764000000, temperature: 216 }
    received_at: 2025-11-24T15:50:00Z
    refused: future
`),
    [undefined, undefined, undefined, undefined],
  );
});

Deno.test("each example is the first message of a new device: a repeated sequence number is none", async () => {
  const example = "  - message: { n: 1, t: 5 }\n    readings: { t: 5 }\n";
  assertEquals(
    await differences(
      example + example,
      "profile: room\nsequence: n\nfields: { t: { type: int } }\nexamples:\n",
    ),
    [undefined, undefined],
  );
});

Deno.test("a bare value is named by the level {field} of the subscription that its topic leads to", async () => {
  const profile = "profile: room\nfields: { t: { type: int }, u: { type: int } }\nexamples:\n";
  const config = '  - { topic: "bare/{device}/{field}", profile: room, format: value }\n';
  assertEquals(
    await differences(
      `
  - message: 5
    topic: bare/d1/u
    readings: { u: 5 }
  - message: 5
    topic: bare/d1/x
    refused: no_readings
`,
      profile,
      config,
    ),
    [undefined, undefined],
  );
});

Deno.test("fields that a profile keeps without naming them are readings like any other", async () => {
  assertEquals(
    await differences(
      "  - message: { a: 1, b: two }\n    readings: { a: 1, b: two }\n",
      "profile: room\nunknown_fields: keep\nexamples:\n",
    ),
    [undefined],
  );
});

Deno.test("what is personal comes out redacted, hashes under a key that is the same everywhere and nobody has to give", async () => {
  const profile = `profile: room
fields:
  badge: { type: string, redact: { mask: { keep: 2 } } }
  name: { type: string, redact: hash }
  note: { type: string, redact: drop }
examples:
`;
  const config = "privacy: { key_file: key }\n";
  const files = small(config, {
    key: "0123456789abcdef0123456789abcdef",
    "devices/profiles/room.yaml":
      `${profile}  - message: { badge: "4711", name: Ada, note: late }\n    readings: { badge: "**11" }\n`,
  });
  const loaded = await loadConfig("gateway.yaml", memorySources(files));
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  const [one] = runExamples(loaded.rules, loaded.examples);
  assertEquals(Object.keys(one?.readings ?? {}), ["badge", "name"]);
  assertEquals([one?.readings.badge, one?.readings.name], ["**11", HASH_OF_ADA]);
  assertEquals(one?.difference, { found: `name = ${HASH_OF_ADA}`, expected: "no name" });
});

Deno.test("no example is left out by sampling", async () => {
  const head = "profile: room\nsample: 1/1000000\nfields: { t: { type: int } }\nexamples:\n";
  assertEquals(await differences("  - message: { t: 5 }\n    readings: { t: 5 }\n", head), [undefined]);
});

const LOG = `profile: room
fields:
  severity: { type: string, tag: true, required: true }
  unit: { type: string, tag: true }
  person: { type: string, tag: true, redact: { mask: { keep: 2 } } }
  text: { type: string }
examples:
`;

/** An example of a log line on `logs/hall/d1`, that says these tags. */
function line(tags: string, message = "{ severity: err, unit: disk, text: full }"): string {
  return `  - message: ${message}\n    topic: logs/hall/d1\n    readings: { text: full }\n    tags: ${tags}\n`;
}

const LOGS = '  - { topic: "logs/{site}/{device}", profile: room, tags: { plant: north } }\n';

Deno.test("tags: all that come in the payload, as they leave redaction; of topic and subscription those that are named", async () => {
  assertEquals(
    await differences(
      line("{ severity: err, unit: disk }") +
        line("{ severity: err, unit: disk, site: hall, device: d1, plant: north }") +
        line("{ severity: err }", "{ severity: err, text: full }") +
        line('{ severity: err, person: "******07" }', '{ severity: err, person: "badge-07", text: full }') +
        "  - message: { severity: err, text: full }\n    readings: { text: full }\n" +
        "  - message: [{ severity: err, text: a }, { severity: err, text: b }]\n" +
        "    readings: { text: b }\n    tags: { severity: err }\n",
      LOG,
      LOGS,
    ),
    Array.from({ length: 6 }, () => undefined),
  );
});

const WRONG_TAGS: readonly [sentence: string, example: string, found: string, expected: string][] = [
  ["another tag", line("{ severity: info, unit: disk }"), "tag severity = err", "tag severity = info"],
  ["no word of a tag", line("{ severity: err }"), "tag unit = disk", "no tag unit"],
  ["no tags at all", line("{}"), "tag severity = err, tag unit = disk", "no tag severity, no tag unit"],
  [
    "a tag that is not there",
    line("{ severity: err, unit: disk, constructor: x }"),
    "no tag constructor",
    "tag constructor = x",
  ],
  [
    "another tag of its topic",
    line("{ severity: err, unit: disk, site: yard }"),
    "tag site = hall",
    "tag site = yard",
  ],
  [
    "tags that one of several points does not have",
    line("{ severity: err }", "[{ severity: err, text: full }, { severity: info, text: full }]"),
    "tag severity = info",
    "tag severity = err",
  ],
];

for (const [sentence, example, found, expected] of WRONG_TAGS) {
  Deno.test(`an example is wrong that says ${sentence}`, async () => {
    assertEquals(await differences(example, LOG, LOGS), [{ found, expected }]);
  });
}
