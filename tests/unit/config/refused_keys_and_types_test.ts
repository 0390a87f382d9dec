/**
 * Keys, types, words, durations and sizes that are wrong.
 * @module
 */
import { refuses } from "./refuses.ts";

refuses("an unknown section is named with the nearest one", { add: "mqqt: {}\n" }, [
  'gateway.yaml:3:1 mqqt: Unknown key, found "mqqt", did you mean "mqtt"',
]);

refuses("an unknown section without a near one lists the known ones", { add: "frobnicate: {}\n" }, [
  'gateway.yaml:3:1 frobnicate: Unknown key, found "frobnicate", allowed gateway, mqtt, subscriptions, learn, profiles_dir, downsample, buffer, limits, privacy, influxdb, alerts, notifiers, api, history, log',
]);

refuses("an unknown key is named with the nearest one", {
  add: `mqtt:
  recieve_maximum: 5
`,
}, [
  'gateway.yaml:4:3 mqtt.recieve_maximum: Unknown key, found "recieve_maximum", did you mean "receive_maximum"',
]);

refuses("an unknown key deep in a sequence has its own place", {
  add: `alerts:
  - name: a
    silent_for: 10s
  - name: b
    silent_fro: 10s
    silent_for: 10s
`,
}, ['gateway.yaml:7:5 alerts[1].silent_fro: Unknown key, found "silent_fro", did you mean "silent_for"']);

refuses("an unknown key without a value is still unknown", {
  add: `log:
  levle:
`,
}, ['gateway.yaml:4:3 log.levle: Unknown key, found "levle", did you mean "level"']);

refuses("an unknown key in a nested flow mapping has its own place", {
  add: `influxdb:
  org: o
  bucket: b
  token: t
  batch: { max_pionts: 5 }
`,
}, [
  'gateway.yaml:7:12 influxdb.batch.max_pionts: Unknown key, found "max_pionts", did you mean "max_points"',
]);

refuses("a bare number in place of a duration asks for a unit", {
  add: `mqtt:
  keepalive: 30
`,
}, [
  'gateway.yaml:4:14 mqtt.keepalive: The duration cannot be understood, found "30", allowed a number with a unit: 500ms, 10s, 5m, 24h, 7d',
]);

refuses("a duration with an unknown unit is refused", { add: "downsample: { every: 10sec }\n" }, [
  'gateway.yaml:3:22 downsample.every: The duration cannot be understood, found "10sec", allowed a number with a unit: 500ms, 10s, 5m, 24h, 7d',
]);

refuses("a duration of zero is no window", { add: "downsample: { every: 0s }\n" }, [
  'gateway.yaml:3:22 downsample.every: The value is out of range, found "0s", allowed 1ms to 1d',
]);

refuses("a window longer than a day is refused", { add: "downsample: { every: 2d }\n" }, [
  'gateway.yaml:3:22 downsample.every: The value is out of range, found "2d", allowed 1ms to 1d',
]);

refuses("lateness and hold have sane bounds", { add: "downsample: { lateness: 2d, hold: 8d }\n" }, [
  'gateway.yaml:3:25 downsample.lateness: The value is out of range, found "2d", allowed 0s to 1d',
  'gateway.yaml:3:35 downsample.hold: The value is out of range, found "8d", allowed 0s to 7d',
]);

refuses("a decimal unit of size is refused", { add: "buffer: { max_bytes: 1GB }\n" }, [
  'gateway.yaml:3:22 buffer.max_bytes: The size cannot be understood, found "1GB", allowed a number with a unit: 512B, 64KiB, 16MiB, 1GiB, 2TiB',
]);

refuses("a buffer that is too small is refused", { add: "buffer: { max_bytes: 100KiB }\n" }, [
  'gateway.yaml:3:22 buffer.max_bytes: The value is out of range, found "100KiB", allowed at least 1MiB',
]);

refuses("a rate without a unit is refused", { add: 'limits: { device_rate: "5000" }\n' }, [
  'gateway.yaml:3:24 limits.device_rate: The rate cannot be understood, found "5000", allowed a number above 0 per second, minute or hour: 5000/s, 5/m, 1/h',
]);

refuses("a rate of zero is refused", { add: "limits: { device_rate: 0/s }\n" }, [
  'gateway.yaml:3:24 limits.device_rate: The rate cannot be understood, found "0/s", allowed a number above 0 per second, minute or hour: 5000/s, 5/m, 1/h',
]);

refuses("receive_maximum is at least 1", { add: "mqtt: { receive_maximum: 0 }\n" }, [
  'gateway.yaml:3:26 mqtt.receive_maximum: The value is out of range, found "0", allowed at least 1',
]);

refuses("receive_maximum is at most 65535", { add: "mqtt: { receive_maximum: 65536 }\n" }, [
  'gateway.yaml:3:26 mqtt.receive_maximum: The value is out of range, found "65536", allowed at most 65535',
]);

refuses("a fraction is no whole number", { add: "limits: { depth: 2.5 }\n" }, [
  'gateway.yaml:3:18 limits.depth: The value has the wrong type, found "2.5", allowed a whole number',
]);

refuses("a word of a closed set is named with the nearest", { add: "buffer: { when_full: drop_oldset }\n" }, [
  'gateway.yaml:3:22 buffer.when_full: The value is not allowed, found "drop_oldset", allowed drop_oldest, block, did you mean "drop_oldest"',
]);

refuses("a text in place of a mapping is refused", { add: "buffer: big\n" }, [
  'gateway.yaml:3:9 buffer: The value has the wrong type, found "big", allowed a mapping of keys',
]);

refuses("a list in place of a mapping is refused", { add: "mqtt: [1]\n" }, [
  'gateway.yaml:3:7 mqtt: The value has the wrong type, found "a list", allowed a mapping of keys',
]);

refuses("a mapping in place of a list is refused", { add: "alerts: { name: a }\n" }, [
  'gateway.yaml:3:9 alerts: The value has the wrong type, found "a mapping", allowed a list',
]);

refuses("a number in place of a text asks for quotes", { add: "mqtt: { username: 1234 }\n" }, [
  'gateway.yaml:3:19 mqtt.username: The value has the wrong type, found "1234", allowed a text, put it in quotes',
]);

refuses("an empty text is refused", { add: 'mqtt: { username: "" }\n' }, [
  "gateway.yaml:3:19 mqtt.username: The value is empty, allowed a text",
]);

refuses("an unknown protocol is refused", { add: "mqtt: { protocol: 3 }\n" }, [
  'gateway.yaml:3:19 mqtt.protocol: The value is not allowed, found "3", allowed 5, 4',
]);

refuses("an aggregate given twice is refused", { add: "downsample: { aggregates: [mean, mean] }\n" }, [
  'gateway.yaml:3:34 downsample.aggregates[1]: The value is not allowed, found "mean", allowed each aggregate once',
]);

refuses("no aggregates at all are refused", { add: "downsample: { aggregates: [] }\n" }, [
  "gateway.yaml:3:27 downsample.aggregates: The value is empty, allowed at least one",
]);

refuses("an unknown aggregate offers only what is available", {
  add: "downsample: { aggregates: [median] }\n",
}, [
  'gateway.yaml:3:28 downsample.aggregates[0]: The value is not allowed, found "median", allowed mean, min, max, count, sum, first, last, stddev, p50, p90, p95, p99, did you mean "mean"',
]);
