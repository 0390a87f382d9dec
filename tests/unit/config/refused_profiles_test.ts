/**
 * Profiles that are wrong by themselves or beside others.
 * @module
 */
import { refuses } from "./refuses.ts";

refuses("a folder of profiles that is not there is named", { add: "profiles_dir: elsewhere\n" }, [
  'gateway.yaml:3:15 profiles_dir: What is named here cannot be read, found "elsewhere", there is nothing at this path',
]);

refuses("an empty profile is refused", { profile: "" }, [
  "devices/profiles/room.yaml:1:1: The value is empty, allowed a profile",
]);

refuses("a profile needs its name", { profile: "fields: { temperature: { type: float } }\n" }, [
  "devices/profiles/room.yaml:1:1 profile: A required key is missing, allowed a text",
]);

refuses("a profile without fields is refused", { profile: "profile: room\n" }, [
  "devices/profiles/room.yaml:1:1 fields: The value is empty, allowed at least one field, or unknown_fields: keep",
]);

refuses("an unknown type is named with the nearest", {
  profile: `profile: room
fields:
  temperature: { type: flot }
`,
}, [
  'devices/profiles/room.yaml:3:24 fields.temperature.type: The value is not allowed, found "flot", allowed float, int, boolean, string, did you mean "float"',
]);

refuses("an unknown key of a field is named with the nearest", {
  profile: `profile: room
fields:
  temperature: { type: float, rang: [0, 1] }
`,
}, [
  'devices/profiles/room.yaml:3:31 fields.temperature.rang: Unknown key, found "rang", did you mean "range"',
]);

refuses("a range that is upside down is refused", {
  profile: `profile: room
fields:
  temperature: { type: float, range: [125, -40] }
`,
}, [
  'devices/profiles/room.yaml:3:38 fields.temperature.range: The range is upside down, found "125, -40", allowed the lower value first',
]);

refuses("a range of one number is refused", {
  profile: `profile: room
fields:
  temperature: { type: float, range: [125] }
`,
}, [
  'devices/profiles/room.yaml:3:38 fields.temperature.range: The value has the wrong type, found "a list", allowed a list of two numbers',
]);

refuses("a scale of zero is refused", {
  profile: `profile: room
fields:
  temperature: { type: float, scale: 0 }
`,
}, [
  'devices/profiles/room.yaml:3:38 fields.temperature.scale: The value is out of range, found "0", allowed any number but 0',
]);

refuses("range, scale and offset are for numbers", {
  profile: `profile: room
fields:
  label: { type: string, range: [0, 1], scale: 2, offset: 1 }
`,
}, [
  'devices/profiles/room.yaml:3:26 fields.label.range: The key does not go with the others, found "range", allowed range for float and int fields only',
  'devices/profiles/room.yaml:3:41 fields.label.scale: The key does not go with the others, found "scale", allowed scale for float and int fields only',
  'devices/profiles/room.yaml:3:51 fields.label.offset: The key does not go with the others, found "offset", allowed offset for float and int fields only',
]);

refuses("max_length is for texts", {
  profile: `profile: room
fields:
  temperature: { type: float, max_length: 3 }
`,
}, [
  'devices/profiles/room.yaml:3:31 fields.temperature.max_length: The key does not go with the others, found "max_length", allowed max_length for string fields only',
]);

refuses("a path that is none is refused", {
  profile: `profile: room
fields:
  temperature: { type: float, path: "a..b" }
`,
}, [
  'devices/profiles/room.yaml:3:37 fields.temperature.path: The path into the payload cannot be understood, found "a..b", allowed keys with dots and indices in brackets: sensors.vib[0], data["a.b"]',
]);

refuses("a field name that no line can hold is refused", {
  profile: `profile: room
fields:
  "#temperature": { type: float }
`,
}, [
  'devices/profiles/room.yaml:3:3 fields["#temperature"]: The name cannot go to the database, found "#temperature", allowed no # at the beginning',
]);

refuses("a field that would be written as time is refused", {
  profile: `profile: room
fields:
  time: { type: string }
`,
}, [
  'devices/profiles/room.yaml:3:3 fields.time: The name is reserved, found "time", allowed any name but time, _time, _field, _measurement',
]);

refuses("an unknown word in place of a downsample is refused", {
  profile: `profile: room
fields:
  temperature: { type: float, downsample: never }
`,
}, [
  'devices/profiles/room.yaml:3:43 fields.temperature.downsample: The value has the wrong type, found "never", allowed none or a mapping of keys',
]);

refuses("on: change does not go with a window", {
  profile: `profile: room
fields:
  temperature: { type: float, downsample: { on: change, every: 1s } }
`,
}, [
  'devices/profiles/room.yaml:3:57 fields.temperature.downsample.every: The key does not go with the others, found "every", allowed on: change with heartbeat, or a window with every',
]);

refuses("a heartbeat needs on: change", {
  profile: `profile: room
fields:
  temperature: { type: float, downsample: { heartbeat: 5m } }
`,
}, [
  "devices/profiles/room.yaml:3:45 fields.temperature.downsample.heartbeat: Another key is needed, allowed heartbeat with on: change",
]);

refuses("a mean of a text is refused with what is allowed", {
  profile: `profile: room
fields:
  label: { type: string, downsample: { every: 1m, aggregates: [last, mean] } }
`,
}, [
  'devices/profiles/room.yaml:3:70 fields.label.downsample.aggregates[1]: The aggregate does not fit the type of the field, found "mean", allowed count, first, last for a string field',
]);

refuses("percentiles are for numbers", {
  profile: `profile: room
fields:
  door: { type: boolean, downsample: { aggregates: [p50] } }
  label: { type: string, downsample: { aggregates: [last, p99] } }
`,
}, [
  'devices/profiles/room.yaml:3:53 fields.door.downsample.aggregates[0]: The aggregate does not fit the type of the field, found "p50", allowed count, first, last for a boolean field',
  'devices/profiles/room.yaml:4:59 fields.label.downsample.aggregates[1]: The aggregate does not fit the type of the field, found "p99", allowed count, first, last for a string field',
]);

refuses("inherited aggregates that do not fit are refused with what to write", {
  profile: `profile: room
fields:
  door: { type: boolean, downsample: { every: 1m } }
`,
}, [
  'devices/profiles/room.yaml:3:38 fields.door.downsample: The aggregate does not fit the type of the field, found "mean", allowed count, first, last for a boolean field, add aggregates: [last]',
]);

refuses("a unit of time that is none is refused", {
  profile: `profile: room
time: { field: ts, unit: sec }
fields:
  temperature: { type: float }
`,
}, [
  'devices/profiles/room.yaml:2:26 time.unit: The value is not allowed, found "sec", allowed s, ms, us, ns, iso8601',
]);

refuses("two profiles of one name are refused", {
  files: {
    "devices/profiles/second.yaml": `profile: room
measurement: other
fields:
  x: { type: float }
`,
  },
}, ['devices/profiles/second.yaml:1:10 profile: The name is given twice, found "room"']);

refuses("two profiles that write the same field of a measurement are refused", {
  files: {
    "devices/profiles/second.yaml": `profile: second
measurement: room
fields:
  temperature: { type: int, downsample: { aggregates: [mean] } }
`,
  },
}, [
  'devices/profiles/second.yaml:4:3 fields.temperature: The field is written twice to one measurement, found "temperature_mean", allowed each name once in a measurement, room.temperature writes it to "room" too',
]);

refuses("two fields of one profile that are written alike are refused", {
  profile: `profile: room
fields:
  t: { type: float }
  t_mean: { type: float, downsample: none }
`,
}, [
  'devices/profiles/room.yaml:4:3 fields.t_mean: The field is written twice to one measurement, found "t_mean", allowed each name once in a measurement, room.t writes it to "room" too',
]);

refuses("problems of all files are listed at once", {
  config: `subscriptions:
  - { topic: "{device}", profile: room }
lgo: {}
alerts: [{ name: a, abvoe: 1, field: x }]
`,
  files: {
    "devices/profiles/a.yaml": `profile: a
filds: {}
fields:
  x: { type: float, range: [1, 0], unti: m }
`,
    "devices/profiles/b.yaml": "profile: [\n",
  },
}, [
  'gateway.yaml:3:1 lgo: Unknown key, found "lgo", did you mean "log"',
  'gateway.yaml:4:21 alerts[0].abvoe: Unknown key, found "abvoe", did you mean "above"',
  'devices/profiles/a.yaml:2:1 filds: Unknown key, found "filds", did you mean "fields"',
  'devices/profiles/a.yaml:4:28 fields.x.range: The range is upside down, found "1, 0", allowed the lower value first',
  'devices/profiles/a.yaml:4:36 fields.x.unti: Unknown key, found "unti", did you mean "unit"',
  "devices/profiles/b.yaml:2:1: The YAML cannot be understood, the indentation does not fit the lines around it, or a bracket has no end",
]);
