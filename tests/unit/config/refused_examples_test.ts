import { refuses } from "./refuses.ts";

const HEAD = "profile: room\nfields: { temperature: { type: float }, door: { type: boolean } }\nexamples:\n";

refuses("an example without a message is refused", {
  profile: `${HEAD}  - readings: { temperature: 5 }\n`,
}, ["devices/profiles/room.yaml:4:5 examples[0].message: A required key is missing, allowed a payload"]);

refuses("an example that does not say what becomes of it is refused", {
  profile: `${HEAD}  - message: { temperature: 5 }\n`,
}, [
  "devices/profiles/room.yaml:4:5 examples[0].readings: A required key is missing, allowed readings, refused or both",
]);

refuses("tags of an example without readings are refused", {
  profile: `${HEAD}  - message: { temperature: 5 }\n    tags: { severity: err }\n    refused: type\n`,
}, [
  "devices/profiles/room.yaml:4:5 examples[0].readings: A required key is missing, allowed readings, which tags belong to",
]);

refuses("a tag that is a number is refused", {
  profile:
    `${HEAD}  - message: { temperature: 5 }\n    readings: { temperature: 5 }\n    tags: { room: 7 }\n`,
}, [
  'devices/profiles/room.yaml:6:19 examples[0].tags.room: The value has the wrong type, found "7", allowed a text, put it in quotes',
]);

refuses("a reason that no message is refused for is named with the nearest one", {
  profile: `${HEAD}  - message: { temperature: 5 }\n    refused: rang\n`,
}, [
  'devices/profiles/room.yaml:5:14 examples[0].refused: The value is not allowed, found "rang", allowed undecodable, too_deep, too_many_keys, payload_too_large, no_readings, missing_field, type, range, too_long, unknown_field, bad_time, bad_tag, future, too_old, did you mean "range"',
]);

refuses("a reading that is a list is refused", {
  profile: `${HEAD}  - message: { temperature: 5 }\n    readings: { temperature: [5] }\n`,
}, [
  'devices/profiles/room.yaml:5:30 examples[0].readings.temperature: The value has the wrong type, found "a list", allowed a number or true or false or a text',
]);

refuses("a receipt without a zone is refused", {
  profile:
    `${HEAD}  - message: { temperature: 5 }\n    received_at: "2026-03-01T12:00:00"\n    refused: type\n`,
}, [
  'devices/profiles/room.yaml:5:18 examples[0].received_at: The value is not allowed, found "2026-03-01T12:00:00", allowed a time such as 2026-03-01T12:00:00Z',
]);

refuses("an unknown key of an example is named with the nearest one", {
  profile: `${HEAD}  - message: { temperature: 5 }\n    reading: { temperature: 5 }\n    refused: type\n`,
}, [
  'devices/profiles/room.yaml:5:5 examples[0].reading: Unknown key, found "reading", did you mean "readings"',
]);
