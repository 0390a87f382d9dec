/**
 * What the contract names and this version cannot do yet is refused by name.
 * @module
 */
import { refuses } from "./refuses.ts";

refuses("percentiles of the defaults are not available yet", {
  add: "downsample: { aggregates: [mean, p95] }\n",
}, [
  'gateway.yaml:3:34 downsample.aggregates[1]: Not available yet, found "p95", allowed mean, min, max, count, sum, first, last, stddev',
]);

refuses("percentiles of a profile and of a field are not available yet", {
  profile: `profile: room
downsample: { aggregates: [p50] }
fields:
  temperature: { type: float, downsample: { aggregates: [p90, p99] } }
`,
}, [
  'devices/profiles/room.yaml:2:28 downsample.aggregates[0]: Not available yet, found "p50", allowed mean, min, max, count, sum, first, last, stddev',
  'devices/profiles/room.yaml:4:58 fields.temperature.downsample.aggregates[0]: Not available yet, found "p90", allowed mean, min, max, count, sum, first, last, stddev',
  'devices/profiles/room.yaml:4:63 fields.temperature.downsample.aggregates[1]: Not available yet, found "p99", allowed mean, min, max, count, sum, first, last, stddev',
]);

refuses("formats other than json and value are not available yet", {
  config: `subscriptions:
  - { topic: "senml/{device}", profile: room, format: senml }
  - { topic: "cbor/{device}", profile: room, format: cbor }
  - { topic: "msgpack/{device}", profile: room, format: msgpack }
  - { topic: "sparkplug_b/{device}", profile: room, format: sparkplug_b }
  - { topic: "line_protocol/{device}", profile: room, format: line_protocol }
`,
}, [
  'gateway.yaml:2:55 subscriptions[0].format: Not available yet, found "senml", allowed json, value',
  'gateway.yaml:3:54 subscriptions[1].format: Not available yet, found "cbor", allowed json, value',
  'gateway.yaml:4:57 subscriptions[2].format: Not available yet, found "msgpack", allowed json, value',
  'gateway.yaml:5:61 subscriptions[3].format: Not available yet, found "sparkplug_b", allowed json, value',
  'gateway.yaml:6:63 subscriptions[4].format: Not available yet, found "line_protocol", allowed json, value',
]);

refuses("notifications over MQTT are not available yet", {
  add: "notifiers: { bus: { mqtt: { topic: alerts } } }\n",
}, ['gateway.yaml:3:21 notifiers.bus.mqtt: Not available yet, found "mqtt", allowed log, webhook']);

refuses(
  "a history that is set is not available yet",
  { add: "history: { max_bytes: 512MiB, keep: 30d }\n" },
  ['gateway.yaml:3:1 history: Not available yet, found "history", allowed false'],
);

refuses("HTTPS is not available yet", {
  add: "api: { tls: { cert_file: a, key_file: b } }\n",
  files: { "a": "x", "b": "y" },
}, [
  'gateway.yaml:3:8 api.tls: Not available yet, found "tls", allowed plain HTTP behind a proxy that speaks HTTPS',
]);
