import { assertEquals } from "@std/assert";
import {
  type ConfigSources,
  type GatewayConfig,
  loadConfig,
  renderProblem,
} from "../../../src/config/mod.ts";
import type { Rules } from "../../../src/model/mod.ts";
import { judged, memorySources, ROOM, small } from "./memory_sources.ts";

async function loaded(
  files: Readonly<Record<string, string>>,
  path = "gateway.yaml",
): Promise<{ config: GatewayConfig; rules: Rules }> {
  const result = await loadConfig(path, memorySources(files));
  if (!result.ok) throw new Error(result.problems.map(renderProblem).join("\n"));
  return result;
}

Deno.test("everything that is left out has its default", async () => {
  const { config, rules } = await loaded(small(""));
  assertEquals(config, {
    file: "gateway.yaml",
    gateway: { id: "edge-7", dataDir: "data" },
    mqtt: {
      url: "mqtt://127.0.0.1:1883",
      embedded: undefined,
      clientId: "sluice-edge-7",
      username: undefined,
      password: undefined,
      protocol: 5,
      sessionExpiry: 86_400_000,
      keepalive: 30_000,
      receiveMaximum: 500,
      probe: 10_000,
      tls: { ca: undefined, cert: undefined, key: undefined, serverName: undefined },
    },
    profilesDir: "devices/profiles",
    buffer: {
      maxBytes: 1_073_741_824,
      maxAge: 604_800_000,
      whenFull: "drop_oldest",
      durability: "fsync",
      compressInbox: false,
      prepareSegments: false,
      every: 1_000,
      checkpoint: { afterBytes: 16_777_216, atMost: 300_000 },
      archive: 0,
      encryptAtRest: undefined,
    },
    privacy: { keys: [] },
    influxdb: undefined,
    notifiers: {},
    api: { listen: { hostname: "127.0.0.1", port: 8080 }, tokens: [], tls: undefined, rate: 20 },
    history: { maxBytes: 536_870_912, keep: 2_592_000_000 },
    log: { level: "info", format: "json" },
  });
  assertEquals(rules.limits, {
    payload: 262_144,
    depth: 32,
    keys: 1_000,
    devices: 50_000,
    series: 500_000,
    windows: 2_000_000,
    deviceRate: 5_000,
  });
  assertEquals(rules.receiveMaximum, 500);
  assertEquals(rules.subscriptions, [
    { topic: "site/{device}/telemetry", profile: "room", format: "json", tags: {} },
  ]);
  assertEquals(rules.alerts, []);
});

const FULL = `gateway: { id: plant-1, data_dir: /var/lib/sluice }
mqtt:
  url: mqtts://broker:8883
  client_id: sluice-plant-1
  username: gateway
  password_file: /run/secrets/mqtt
  protocol: 4
  session_expiry: 2h
  keepalive: 20s
  receive_maximum: 100
  tls: { ca_file: ca.pem, server_name: broker.plant }
subscriptions:
  - { topic: "site/{site}/{device}/t", profile: room, format: json, tags: { line: a } }
  - { topic: "raw/{device}/{field}", profile: room, format: value }
profiles_dir: ../profiles
limits: { device_rate: 30/m }
influxdb:
  url: https://db:8086
  version: 1
  database: plant
  retention_policy: week
  username: gw
  password_file: /run/secrets/influx
  batch: { max_points: 10, max_wait: 5s }
  retry: { initial: 1s }
alerts:
  - name: too-hot
    profile: room
    device: "oven-*"
    topic: "site/+/+/t"
    tags: { site: hh }
    field: temperature
    above: 80
    clear: 75
    for: 30s
    severity: critical
    notify: [ops]
    summary: "{device} is {value}"
  - { name: cold, field: temperature, below: 5 }
  - { name: odd, field: temperature, inside: [1, 2] }
  - { name: open, field: door, equals: true }
  - { name: silent, silent_for: 60s }
notifiers:
  log: { log: {} }
  ops: { webhook: { url: "https://hook", secret_file: /run/secrets/hook, headers: { X-A: b } } }
api:
  listen: "[::]:9000"
  tokens: [{ name: grafana, role: viewer, hash: "sha256:${"AB".repeat(32)}" }]
history: false
log: { level: warn, format: text }
`;

Deno.test("every section is resolved, and relative paths start at the folder of the file", async () => {
  const { config, rules } = await loaded({
    "/etc/sluice/gateway.yaml": FULL,
    "/etc/profiles/room.yaml": ROOM,
    "/etc/profiles/notes.txt": "not a profile",
    "/etc/sluice/ca.pem": "CA",
    "/run/secrets/mqtt": "m",
    "/run/secrets/influx": "i",
    "/run/secrets/hook": "h",
  }, "/etc/sluice/gateway.yaml");
  assertEquals(config.gateway, { id: "plant-1", dataDir: "/var/lib/sluice" });
  assertEquals(config.profilesDir, "/etc/profiles");
  assertEquals([config.mqtt.protocol, config.mqtt.sessionExpiry, config.mqtt.keepalive], [
    4,
    7_200_000,
    20_000,
  ]);
  assertEquals([config.mqtt.tls.ca, config.mqtt.tls.serverName], ["CA", "broker.plant"]);
  assertEquals(config.mqtt.password?.reveal(), "m");
  const influx = config.influxdb;
  assertEquals(influx?.version === 1 && [influx.database, influx.retentionPolicy, influx.username], [
    "plant",
    "week",
    "gw",
  ]);
  assertEquals(influx?.batch, { maxPoints: 10, maxWait: 5_000 });
  assertEquals(influx?.retry, { initial: 1_000, max: 60_000 });
  assertEquals(config.api, {
    listen: { hostname: "::", port: 9_000 },
    tokens: [{ name: "grafana", role: "viewer", sha256: "ab".repeat(32) }],
    tls: undefined,
    rate: 20,
  });
  assertEquals(config.notifiers.log, { kind: "log" });
  assertEquals(rules.limits.deviceRate, 0.5);
  assertEquals(rules.subscriptions[0]?.tags, { line: "a" });
  assertEquals(Object.keys(rules.profiles), ["room"]);
  assertEquals(rules.alerts[0], {
    name: "too-hot",
    profile: "room",
    device: "oven-*",
    topic: "site/+/+/t",
    tags: { site: "hh" },
    field: "temperature",
    condition: { kind: "above", limit: 80, clear: 75 },
    for: 30_000,
    severity: "critical",
    notify: ["ops"],
    summary: "{device} is {value}",
  });
  assertEquals(rules.alerts.map((alert) => alert.condition), [
    { kind: "above", limit: 80, clear: 75 },
    { kind: "below", limit: 5, clear: 5 },
    { kind: "inside", low: 1, high: 2 },
    { kind: "equals", value: true },
    { kind: "silent", silentFor: 60_000 },
  ]);
});

Deno.test("the rules are plain data: they go through JSON unchanged", async () => {
  const { rules } = await loaded(small("alerts: [{ name: a, silent_for: 5s }]\n"));
  assertEquals(JSON.parse(JSON.stringify(rules)), rules);
});

Deno.test("an embedded broker has its address taken apart", async () => {
  const { config } = await loaded(small('mqtt: { url: "embedded://[::1]:1884" }\n'));
  assertEquals(config.mqtt.embedded, { hostname: "::1", port: 1_884 });
});

Deno.test("version 2 is the default of a database", async () => {
  const { config } = await loaded(small("influxdb: { org: o, bucket: b, token: t }\n"));
  assertEquals([config.influxdb?.version, config.influxdb?.url, config.influxdb?.timeout], [
    2,
    "http://127.0.0.1:8086",
    10_000,
  ]);
});

Deno.test("listening beyond this machine is allowed with tokens, and on loopback without", async () => {
  const token = `[{ name: a, role: viewer, hash: "sha256:${"0".repeat(64)}" }]`;
  assertEquals(await judged(small(`api: { listen: "0.0.0.0:80", tokens: ${token} }\n`)), ["valid"]);
  for (const listen of ["127.0.0.1:0", "127.9.9.9:80", "[::1]:80", "localhost:80"]) {
    assertEquals(await judged(small(`api: { listen: "${listen}" }\n`)), ["valid"], listen);
  }
});

Deno.test("a machine without a name still has a gateway id", async () => {
  const sources: ConfigSources = { ...memorySources(small("")), hostName: () => "" };
  const result = await loadConfig("gateway.yaml", sources);
  assertEquals(result.ok && result.config.gateway.id, "sluice");
});

Deno.test("a wider subscription before a narrower one is a warning", async () => {
  const config = `subscriptions:
  - { topic: "site/{site}/{device}/#", profile: room }
  - { topic: "site/{site}/{device}/power", profile: room }
`;
  assertEquals(await judged({ ...small(""), "gateway.yaml": config }), [
    "valid",
    "gateway.yaml:3:14 subscriptions[1].topic: An earlier subscription takes all messages of this one, found " +
    '"site/{site}/{device}/power", "site/{site}/{device}/#" stands before it, put the narrower one first',
  ]);
});

Deno.test("more messages in flight than mosquitto keeps is a warning, but not for the embedded broker", async () => {
  assertEquals(await judged(small("mqtt: { receive_maximum: 1000 }\n")), ["valid"]);
  assertEquals(await judged(small("mqtt: { receive_maximum: 1001 }\n")), [
    "valid",
    "gateway.yaml:3:26 mqtt.receive_maximum: More messages in flight than the broker may keep, found " +
    '"1001", allowed up to 1000, the queue of mosquitto as it comes, set max_queued_messages of the broker far above it',
  ]);
  const embedded = 'mqtt: { url: "embedded://127.0.0.1:1883", receive_maximum: 1001 }\n';
  assertEquals(await judged(small(embedded)), ["valid"]);
});

Deno.test("a required field beside others is a warning where each message holds one field", async () => {
  const config = 'subscriptions:\n  - { topic: "{device}/{field}", profile: room, format: value }\n';
  const profile = ROOM.replace("type: float", "type: float, required: true");
  const files = { "gateway.yaml": config, "devices/profiles/room.yaml": profile };
  assertEquals(await judged(files), [
    "valid",
    'gateway.yaml:2:57 subscriptions[0].format: Most messages would lack a required field, found "value", allowed ' +
    'no required fields where each message holds one field, take required out of "room"',
  ]);
  assertEquals(await judged({ ...files, "devices/profiles/room.yaml": ROOM }), ["valid"]);
});

Deno.test("with the value format {field} names the field and makes no tag that could clash", async () => {
  const config = 'subscriptions:\n  - { topic: "{device}/{field}", profile: room, format: FORMAT }\n';
  const profile = "profile: room\nfields:\n  field: { type: boolean }\n";
  const files = (format: string): Record<string, string> => ({
    "gateway.yaml": config.replace("FORMAT", format),
    "devices/profiles/room.yaml": profile,
  });
  assertEquals(await judged(files("value")), ["valid"]);
  assertEquals(await judged(files("json")), [
    'gateway.yaml:2:14 subscriptions[0].topic: The tag has the name of a field in the database, found "field", ' +
    'allowed another name, "room" writes a field of that name',
  ]);
});

Deno.test("a value that is already refused is not refused again for what it holds", async () => {
  const extra = `api: { listen: "\${WHERE}" }
history: { keep: 5 }
alerts: [{ name: a, field: temperature, rate_above: fast }]
`;
  assertEquals((await judged(small(extra))).map((line) => line.split(":").slice(1, 4).join(":")), [
    '3:16 api.listen: The environment variable is not set, found "WHERE", set it or give a default',
    '4:18 history.keep: The duration cannot be understood, found "5", allowed a number with a unit',
    '5:53 alerts[0].rate_above: The rate cannot be understood, found "fast", allowed a number above 0 per ' +
    "second, minute or hour",
  ]);
});
