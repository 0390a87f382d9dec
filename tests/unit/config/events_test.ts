/**
 * Events and logs: texts of a list, tags of the payload, profiles without windows, and samples.
 * @module
 */
import { assertEquals } from "@std/assert";
import { loadConfig, renderProblem } from "../../../src/config/mod.ts";
import type { Profile } from "../../../src/model/mod.ts";
import { judged, memorySources, small } from "./memory_sources.ts";
import { refuses } from "./refuses.ts";

async function profileOf(profile: string): Promise<Profile> {
  const files = { ...small(""), "devices/profiles/room.yaml": profile };
  const loaded = await loadConfig("gateway.yaml", memorySources(files));
  const room = loaded.ok ? loaded.rules.profiles.room : undefined;
  if (room !== undefined) return room;
  throw new Error(loaded.ok ? "no profile" : loaded.problems.map(renderProblem).join("\n"));
}

const LOGS = `profile: room
time: { field: ts, unit: ms }
downsample: none
max_age: 7d
max_future: 10s
fields:
  severity: { type: string, enum: [debug, info, err], tag: true, required: true }
  facility: { type: string, tag: true, max_length: 32 }
  message: { type: string, required: true }
`;

Deno.test("a profile of log lines has no windows, limits of its own for time, and tags in the payload", async () => {
  const profile = await profileOf(LOGS);
  const [severity, facility, message] = profile.fields;
  assertEquals([profile.maxAge, profile.maxFuture, profile.sample], [604_800_000, 10_000, undefined]);
  assertEquals([severity?.tag, severity?.values], [true, ["debug", "info", "err"]]);
  assertEquals([facility?.tag, facility?.values], [true, undefined]);
  assertEquals([message?.tag, message?.downsample], [undefined, { kind: "none" }]);
  assertEquals(profile.time, { path: ["ts"], unit: "ms" });
  const distinct = await profileOf(LOGS.replace("unit: ms", "unit: ms, distinct: true"));
  assertEquals(distinct.time, { path: ["ts"], unit: "ms", distinct: true });
});

Deno.test("a sample is a fraction, or a fraction with exceptions", async () => {
  const plain = await profileOf(`${LOGS}sample: 1/10\n`);
  assertEquals(plain.sample, { keep: 1, of: 10, except: {} });
  const detailed = await profileOf(`${LOGS}sample: { keep: 2/3, except: { severity: [err] } }\n`);
  assertEquals(detailed.sample, { keep: 2, of: 3, except: { severity: ["err"] } });
});

refuses("max_age stands beside downsample or in it, not in both", {
  profile: `profile: room
downsample: { max_age: 1d }
max_age: 2d
fields: { t: { type: float } }
`,
}, [
  'devices/profiles/room.yaml:3:1 max_age: The key does not go with the others, found "max_age", allowed max_age once: beside downsample or in it',
]);

refuses("enum and tag are for texts", {
  profile: `profile: room
fields:
  a: { type: int, enum: ["1"] }
  b: { type: float, tag: true }
  c: { type: int }
`,
}, [
  'devices/profiles/room.yaml:3:19 fields.a.enum: The key does not go with the others, found "enum", allowed enum for string fields only',
  'devices/profiles/room.yaml:4:21 fields.b.tag: The key does not go with the others, found "tag", allowed tag for string fields only',
]);

refuses("a list of texts names each once", {
  profile: "profile: room\nfields:\n  a: { type: string, enum: [x, y, x] }\n",
}, [
  'devices/profiles/room.yaml:3:35 fields.a.enum[2]: The value is not allowed, found "x", allowed each text once',
]);

refuses("the texts of a tag can stand in a line", {
  profile: `profile: room
fields:
  b: { type: string, tag: true, enum: ["", "#", ok] }
  c: { type: int }
`,
}, [
  'devices/profiles/room.yaml:3:40 fields.b.enum[0]: The name cannot go to the database, found "", allowed at least one character',
  'devices/profiles/room.yaml:3:44 fields.b.enum[1]: The name cannot go to the database, found "#", allowed no # at the beginning',
]);

refuses(
  "a tag is no reading, and names neither the device nor what the database keeps for itself",
  {
    profile: `profile: room
fields:
  device: { type: string, tag: true }
  time: { type: string, tag: true }
  a: { type: string, tag: true, downsample: none }
  n: { type: int, downsample: { aggregates: [max] } }
  n_max: { type: string, tag: true }
`,
  },
  [
    'devices/profiles/room.yaml:3:3 fields.device: The name is reserved, found "device", allowed any name but time, _time, _field, _measurement, replayed, device',
    'devices/profiles/room.yaml:4:3 fields.time: The name is reserved, found "time", allowed any name but time, _time, _field, _measurement, replayed, device',
    'devices/profiles/room.yaml:5:33 fields.a.downsample: The key does not go with the others, found "downsample", allowed a tag without downsample: it is no reading',
    'devices/profiles/room.yaml:7:3 fields.n_max: The tag has the name of a field in the database, found "n_max", allowed another name, hint',
  ].map((line) => line.replace("hint", '"room" writes a field of that name')),
);

refuses("a profile of tags alone is refused", {
  profile: "profile: room\nfields:\n  a: { type: string, tag: true }\n",
}, [
  "devices/profiles/room.yaml:3:3 fields: The value is empty, allowed at least one field that is no tag, or unknown_fields: keep",
]);

refuses("a tag of the payload and one of the topic cannot have one name", {
  config: `subscriptions:
  - { topic: "{device}/{severity}", profile: room, tags: { facility: x } }
`,
  profile: LOGS,
}, [
  'gateway.yaml:2:14 subscriptions[0].topic: The tag is given twice, found "severity", allowed each tag once, "room" takes a tag of that name from the payload',
  'gateway.yaml:2:60 subscriptions[0].tags.facility: The tag is given twice, found "facility", allowed each tag once, "room" takes a tag of that name from the payload',
]);

refuses("an alert cannot watch a tag, but choose by it", {
  add: "alerts: [{ name: a, field: severity, equals: err }]\n",
  profile: LOGS,
}, [
  'gateway.yaml:3:28 alerts[0].field: There is no such field, found "severity", allowed message, it is a tag: choose by tags: { severity: … }',
]);

refuses("a sample that is no part of all is refused", {
  profile: `${LOGS}sample: 10\n`,
}, [
  'devices/profiles/room.yaml:10:9 sample: The value has the wrong type, found "10", allowed a text or a mapping of keys',
]);

for (const text of ["10/1", "0/10", "1/0", "1:10", "1/2000000"]) {
  refuses(`a sample of "${text}" is refused`, { profile: `${LOGS}sample: "${text}"\n` }, [
    `devices/profiles/room.yaml:10:9 sample: The value is not allowed, found "${text}", allowed a fraction of at most 1, such as 1/10, with at most 1000000 below`,
  ]);
}

refuses("exceptions name a field and values that it can have", {
  profile: `${LOGS}  code: { type: int }
  door: { type: boolean }
sample: { keep: 1/10, except: { sevrity: [err], severity: [crit], code: ["5"], door: [1], message: [x] } }
`,
}, [
  'devices/profiles/room.yaml:12:33 sample.except.sevrity: There is no such field, found "sevrity", allowed severity, facility, message, code, door, did you mean "severity"',
  'devices/profiles/room.yaml:12:60 sample.except.severity[0]: The value is not allowed, found "crit", allowed debug, info, err',
  'devices/profiles/room.yaml:12:74 sample.except.code[0]: The value is not allowed, found "5", allowed a number',
  'devices/profiles/room.yaml:12:87 sample.except.door[0]: The value is not allowed, found "1", allowed true or false',
]);

Deno.test("a sample of messages that say neither time nor number is a warning", async () => {
  const profile = "profile: room\nsample: 1/10\nfields: { t: { type: float } }\n";
  assertEquals(await judged({ ...small(""), "devices/profiles/room.yaml": profile }), [
    "valid",
    'devices/profiles/room.yaml:2:9 sample: Messages that are alike are all kept or all left out, found "1/10", allowed time or sequence in each message, so that no two are alike',
  ]);
});
