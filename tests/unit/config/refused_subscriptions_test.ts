/**
 * Subscriptions that are wrong by themselves or for their profile.
 * @module
 */
import { refuses } from "./refuses.ts";

refuses("a configuration needs subscriptions", { config: "log: { level: info }\n" }, [
  "gateway.yaml:1:1 subscriptions: A required key is missing, allowed a list",
]);

refuses("an empty list of subscriptions is refused", { config: "subscriptions: []\n" }, [
  "gateway.yaml:1:16 subscriptions: The value is empty, allowed at least one",
]);

refuses("an unknown profile is named with the nearest one", {
  config: `subscriptions:
  - { topic: "{device}", profile: rom }
`,
}, [
  'gateway.yaml:2:35 subscriptions[0].profile: There is no such profile, found "rom", allowed room, did you mean "room"',
]);

refuses("a shared subscription is refused with what to do instead", {
  config: `subscriptions:
  - { topic: "$share/g/site/{device}", profile: room }
`,
}, [
  'gateway.yaml:2:14 subscriptions[0].topic: A shared subscription would spread one device over several gateways, found "$share/g/site/{device}", allowed a plain topic filter, give each gateway topic filters of its own that do not overlap',
]);

refuses("a wildcard inside a level is refused", {
  config: `subscriptions:
  - { topic: "site/{device}/a+", profile: room }
`,
}, [
  'gateway.yaml:2:14 subscriptions[0].topic: The topic cannot be understood, found "a+", allowed +, # and {name} only as a whole level',
]);

refuses("a # before the end is refused", {
  config: `subscriptions:
  - { topic: "site/#/{device}", profile: room }
`,
}, [
  'gateway.yaml:2:14 subscriptions[0].topic: The topic cannot be understood, found "site/#/{device}", allowed # only as the last level',
]);

refuses("a level named twice is refused", {
  config: `subscriptions:
  - { topic: "{device}/{device}", profile: room }
`,
}, [
  'gateway.yaml:2:14 subscriptions[0].topic: The topic cannot be understood, found "{device}", allowed each {name} once',
]);

refuses("a level with a bad name is refused", {
  config: `subscriptions:
  - { topic: "{device}/{1}", profile: room }
`,
}, [
  'gateway.yaml:2:14 subscriptions[0].topic: The topic cannot be understood, found "{1}", allowed {name} of letters, digits and _, with a letter first',
]);

refuses("a subscription must tell the device", {
  config: `subscriptions:
  - { topic: site/telemetry, profile: room }
`,
}, [
  'gateway.yaml:2:14 subscriptions[0].topic: The subscription does not say which device a message is from, found "site/telemetry", allowed a {device} level, or a static tag device',
]);

refuses("a tag given by the topic and again as static tag is refused", {
  config: `subscriptions:
  - topic: "{site}/{device}"
    profile: room
    tags: { site: a }
`,
}, [
  'gateway.yaml:4:13 subscriptions[0].tags.site: The tag is given twice, found "site", allowed each tag once, {site} of the topic gives it already',
]);

refuses("a static tag with a line break is refused", {
  config: 'subscriptions:\n  - topic: "{device}"\n    profile: room\n    tags: { site: "a\\nb" }\n',
}, [
  'gateway.yaml:4:19 subscriptions[0].tags.site: The name cannot go to the database, found "a\\x0ab", allowed no control characters and no line breaks',
]);

refuses("a static tag with a bad name is refused", {
  config: `subscriptions:
  - topic: "{device}"
    profile: room
    tags: { "#site": a }
`,
}, [
  'gateway.yaml:4:13 subscriptions[0].tags["#site"]: The name cannot go to the database, found "#site", allowed no # at the beginning',
]);

refuses("a tag with a reserved name is refused", {
  config: `subscriptions:
  - { topic: "{time}/{device}", profile: room }
`,
}, [
  'gateway.yaml:2:14 subscriptions[0].topic: The name is reserved, found "time", allowed any name but time, _time, _field, _measurement, replayed',
]);

refuses("a tag with the name of a written field is refused", {
  config: `subscriptions:
  - { topic: "{door}/{device}", profile: room }
`,
}, [
  'gateway.yaml:2:14 subscriptions[0].topic: The tag has the name of a field in the database, found "door", allowed another name, "room" writes a field of that name',
]);

refuses("a bare value needs a profile with one field", {
  config: `subscriptions:
  - { topic: "{device}", profile: room, format: value }
`,
}, [
  'gateway.yaml:2:49 subscriptions[0].format: The format does not say which field a message is, found "value", allowed a profile with exactly one field, or a {field} level in the topic, "room" has 2',
]);
