/**
 * Alert rules that are wrong.
 * @module
 */
import { refuses } from "./refuses.ts";

refuses("an alert without a condition is refused", {
  add: `alerts:
  - name: a
    field: temperature
`,
}, [
  'gateway.yaml:4:11 alerts[0].name: The alert has no condition, found "a", allowed exactly one of above, below, outside, inside, equals, not_equals, rate_above, unchanged_for, silent_for',
]);

refuses("an alert with two conditions is refused", {
  add: `alerts:
  - name: a
    field: temperature
    above: 5
    below: 1
`,
}, [
  'gateway.yaml:7:5 alerts[0].below: The alert has more than one condition, found "above, below", allowed exactly one of above, below, outside, inside, equals, not_equals, rate_above, unchanged_for, silent_for',
]);

refuses("an alert needs a name", {
  add: `alerts:
  - silent_for: 5s
`,
}, ["gateway.yaml:4:5 alerts[0].name: A required key is missing, allowed a text"]);

refuses("two alerts of one name are refused", {
  add: `alerts:
  - name: a
    silent_for: 5s
  - name: a
    silent_for: 6s
`,
}, ['gateway.yaml:6:11 alerts[1].name: The name is given twice, found "a"']);

refuses("an alert on a value needs a field", {
  add: `alerts:
  - name: a
    above: 5
`,
}, ["gateway.yaml:4:5 alerts[0].field: A required key is missing, allowed the name of a field"]);

refuses("a field that no profile has is named with the nearest", {
  add: `alerts:
  - name: a
    field: temprature
    above: 5
`,
}, [
  'gateway.yaml:5:12 alerts[0].field: There is no such field, found "temprature", allowed temperature, door, did you mean "temperature"',
]);

refuses("a field that the profile does not have is refused", {
  add: `alerts:
  - name: a
    profile: room
    field: pressure
    above: 5
`,
}, [
  'gateway.yaml:6:12 alerts[0].field: There is no such field, found "pressure", allowed temperature, door, "room" does not have it',
]);

refuses("an unknown profile of an alert is named with the nearest", {
  add: `alerts:
  - name: a
    profile: rom
    silent_for: 5s
`,
}, [
  'gateway.yaml:5:14 alerts[0].profile: There is no such profile, found "rom", allowed room, did you mean "room"',
]);

refuses("an unknown notifier is named with the nearest", {
  add: `alerts:
  - name: a
    silent_for: 5s
    notify: [opps]
notifiers: { ops: { log: {} } }
`,
}, [
  'gateway.yaml:6:14 alerts[0].notify[0]: There is no such notifier, found "opps", allowed ops, did you mean "ops"',
]);

refuses("an unknown notifier where there is none says so", {
  add: `alerts:
  - name: a
    silent_for: 5s
    notify: [ops]
`,
}, ['gateway.yaml:6:14 alerts[0].notify[0]: There is no such notifier, found "ops", notifiers holds none']);

refuses("clear above the threshold of above is refused", {
  add: `alerts:
  - name: a
    field: temperature
    above: 80
    clear: 81
`,
}, [
  'gateway.yaml:7:12 alerts[0].clear: The clear value is on the wrong side of the threshold, found "81", allowed at most 80',
]);

refuses("clear below the threshold of below is refused", {
  add: `alerts:
  - name: a
    field: temperature
    below: 5
    clear: 4
`,
}, [
  'gateway.yaml:7:12 alerts[0].clear: The clear value is on the wrong side of the threshold, found "4", allowed at least 5',
]);

refuses("clear without a threshold is refused", {
  add: `alerts:
  - name: a
    field: temperature
    outside: [1, 2]
    clear: 4
`,
}, [
  'gateway.yaml:7:5 alerts[0].clear: The key does not go with the others, found "clear", allowed clear with above or below',
]);

refuses("a band that is upside down is refused", {
  add: `alerts:
  - name: a
    field: temperature
    outside: [30, 10]
`,
}, [
  'gateway.yaml:6:14 alerts[0].outside: The range is upside down, found "30, 10", allowed the lower value first',
]);

refuses("a threshold on a boolean is refused", {
  add: `alerts:
  - name: a
    field: door
    above: 5
`,
}, [
  'gateway.yaml:6:5 alerts[0].above: The condition does not fit the type of the field, found "above", allowed float or int fields with this value, "door" is a boolean field',
]);

refuses("equality with a value of another type is refused", {
  add: `alerts:
  - name: a
    field: temperature
    equals: open
`,
}, [
  'gateway.yaml:6:5 alerts[0].equals: The condition does not fit the type of the field, found "equals", allowed string fields with this value, "temperature" is a float field',
]);

refuses("a dead-man rule watches no field", {
  add: `alerts:
  - name: a
    field: temperature
    silent_for: 5s
`,
}, [
  'gateway.yaml:5:5 alerts[0].field: The key does not go with the others, found "field", allowed silent_for without field: it watches the device',
]);

refuses("a dead-man rule needs no for", {
  add: `alerts:
  - name: a
    for: 5s
    silent_for: 5s
`,
}, [
  'gateway.yaml:5:5 alerts[0].for: The key does not go with the others, found "for", allowed silent_for without for',
]);

refuses("a topic filter of an alert names no levels", {
  add: `alerts:
  - name: a
    topic: "site/{device}"
    silent_for: 5s
`,
}, [
  'gateway.yaml:5:12 alerts[0].topic: The topic cannot be understood, found "site/{device}", allowed + in place of a {name}',
]);

refuses("a shared filter of an alert is refused", {
  add: `alerts:
  - name: a
    topic: "$share/g/site"
    silent_for: 5s
`,
}, [
  'gateway.yaml:5:12 alerts[0].topic: A shared subscription would spread one device over several gateways, found "$share/g/site", allowed a plain topic filter, give each gateway topic filters of its own that do not overlap',
]);

refuses("an unknown placeholder is refused", {
  add: `alerts:
  - name: a
    silent_for: 5s
    summary: "{devcie} is gone"
`,
}, [
  'gateway.yaml:6:14 alerts[0].summary: The summary names an unknown placeholder, found "{devcie}", allowed {device} {field} {value} {unit} {limit} {rule} {severity}',
]);

refuses("a threshold that is no number is refused", {
  add: `alerts:
  - name: a
    field: temperature
    above: hot
`,
}, ['gateway.yaml:6:12 alerts[0].above: The value has the wrong type, found "hot", allowed a number']);
