/**
 * Files that cannot be read or understood.
 * @module
 */
import { refuses } from "./refuses.ts";

refuses("a file that is no mapping is refused", {
  config: `- a
- b
`,
}, [
  "gateway.yaml:1:1: The value has the wrong type, allowed a mapping of sections",
  "gateway.yaml:1:1 subscriptions: A required key is missing, allowed a list",
]);

refuses("an empty file lacks its subscriptions", { config: "" }, [
  "gateway.yaml:1:1 subscriptions: A required key is missing, allowed a list",
]);

refuses("bad indentation has its place", {
  config: `subscriptions:
  - topic: a
 profile: b
`,
}, [
  "gateway.yaml:3:1: The YAML cannot be understood, the indentation does not fit the lines around it, or a bracket has no end",
]);

refuses("a bracket without an end has its place", {
  config: `subscriptions: [a, b
log: {}
`,
}, [
  "gateway.yaml:2:1: The YAML cannot be understood, the indentation does not fit the lines around it, or a bracket has no end",
]);

refuses("a tab as indentation has its place", {
  config: `mqtt:
	url: a
`,
}, ["gateway.yaml:2:1: The YAML cannot be understood, indentation is blanks, not tabs"]);

refuses("a second document is refused", {
  config: `log: {}
---
log: {}
`,
}, ["gateway.yaml:2:1: The YAML cannot be understood, a file holds one document"]);

refuses("a tag that YAML does not know is refused", { config: "log: !thing {}\n" }, [
  "gateway.yaml:1:6: The YAML cannot be understood, a tag (!) is unknown or does not fit its value",
]);

refuses("a doubled key is refused beside everything else", {
  add: `log: { level: info, level: debug }
lgo: {}
`,
}, [
  'gateway.yaml:3:21 log.level: The key is given twice, found "level"',
  'gateway.yaml:4:1 lgo: Unknown key, found "lgo", did you mean "log"',
]);

refuses("a doubled key in a profile is refused", {
  profile: `profile: room
fields:
  t: { type: float }
  t: { type: int }
`,
}, ['devices/profiles/room.yaml:4:3 fields.t: The key is given twice, found "t"']);

refuses("a key that would reach into objects is refused", { add: "__proto__: { a: 1 }\n" }, [
  "gateway.yaml:3:1: The key cannot be used, allowed a word",
]);

refuses("a key that is a list is refused", {
  add: `? [a]
: 1
`,
}, ["gateway.yaml:3:3: The key cannot be used, allowed a word"]);

refuses("an alias that holds itself is refused", { add: "log: &a { level: *a }\n" }, [
  'gateway.yaml:3:18 log.level.level: The aliases of the file expand too far, found "a", an alias must not hold itself',
]);

refuses("an alias without an anchor is refused", { add: "log: *nothing\n" }, [
  'gateway.yaml:3:6 log: The YAML cannot be understood, found "nothing", no anchor of this name stands before it',
]);
