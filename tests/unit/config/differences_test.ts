import { assertEquals } from "@std/assert";
import {
  type ConfigDifference,
  differences,
  inForce,
  loadConfig,
  type Settings,
} from "../../../src/config/mod.ts";
import { DURATIONS, settingsTree, SIZES } from "../../../src/config/diff/settings_tree.ts";
import { denoIo } from "../../../src/cli/mod.ts";
import { memorySources } from "./memory_sources.ts";

const BASE = `
gateway: { id: g, data_dir: data }
mqtt: { url: "mqtt://127.0.0.1:1883", username: u, password_file: mqtt.secret }
subscriptions:
  - { topic: "a/{device}/x", profile: room }
  - { topic: "b/{device}/x", profile: room }
notifiers:
  ops: { webhook: { url: "https://hooks.example.org/T0/very-secret" } }
alerts:
  - { name: hot, field: temperature, above: 80, clear: 75, for: 30s, notify: [ops] }
  - { name: silent, silent_for: 1m }
`;

const FILES = {
  "devices/profiles/room.yaml":
    "profile: room\nfields:\n  temperature: { type: float, unit: degC, range: [-40, 125] }\n",
  "mqtt.secret": "the-mqtt-password",
};

async function settings(text: string, files: Record<string, string> = {}): Promise<Settings> {
  const loaded = await loadConfig(
    "gateway.yaml",
    memorySources({ ...FILES, ...files, "gateway.yaml": text }),
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

async function between(before: string, after: string, files: Record<string, string> = {}): Promise<string[]> {
  return differences(await settings(before), await settings(after, files)).map(line);
}

function line({ path, change, before, after, effect }: ConfigDifference): string {
  return `${path} ${change}: ${before} -> ${after} (${effect})`;
}

Deno.test("the same configuration differs in nothing", async () => {
  assertEquals(await between(BASE, BASE), []);
  assertEquals(await between(BASE, `${BASE}log: { level: info }\n`), [], "a default that is written out");
});

Deno.test("a value that was changed is shown by its path, as it is written, with when it takes effect", async () => {
  const after = BASE.replace("above: 80", "above: 90").replace("for: 30s", "for: 90s")
    .replace("silent_for: 1m", "silent_for: 2h") + "buffer: { max_bytes: 2GiB, max_age: 3d }\n";
  assertEquals(await between(BASE, after), [
    "buffer.max_bytes changed: 1GiB -> 2GiB (restart)",
    "buffer.max_age changed: 7d -> 3d (restart)",
    "alerts.hot.above changed: 80 -> 90 (reload)",
    "alerts.hot.for changed: 30s -> 90s (reload)",
    "alerts.silent.silent_for changed: 1m -> 2h (reload)",
  ]);
});

Deno.test("what was added or removed is one line, and leaves the entries after it alone", async () => {
  const without = BASE.replace(/ {2}- \{ name: hot.*\n/, "");
  assertEquals(await between(BASE, without), [
    "alerts.hot removed: name: hot, field: temperature, above: 80, clear: 75, for: 30s, severity: warning, notify: ops -> null (reload)",
  ]);
  assertEquals(await between(BASE.replace(/ {2}- \{ name: silent.*\n/, ""), BASE), [
    "alerts.silent added: null -> name: silent, silent_for: 1m, for: 0s, severity: warning (reload)",
  ]);
});

Deno.test("an order that matters is a difference", async () => {
  const [a, b] = [
    `  - { topic: "a/{device}/x", profile: room }\n`,
    `  - { topic: "b/{device}/x", profile: room }\n`,
  ];
  assertEquals(await between(BASE, BASE.replace(a + b, b + a)), [
    "subscriptions changed: a/{device}/x, b/{device}/x -> b/{device}/x, a/{device}/x (reload)",
  ]);
});

Deno.test("P8: a secret that was changed is seen and not shown", async () => {
  const after = BASE.replace("very-secret", "other-secret") +
    `api: { tokens: [{ name: ops, role: admin, hash: "sha256:${"ab".repeat(32)}" }] }\n`;
  const found = await between(BASE, after, { "mqtt.secret": "another-password" });
  assertEquals(found, [
    "mqtt.password changed: [secret] -> [secret] (restart)",
    "notifiers.ops.url changed: [secret] -> [secret] (reload)",
    "api.tokens.ops added: null -> name: ops, role: admin, hash: [hash] (reload)",
  ]);
});

Deno.test("a profile in a file of its own is part of it", async () => {
  const room = FILES["devices/profiles/room.yaml"].replace("125", "60");
  assertEquals(await between(BASE, BASE, { "devices/profiles/room.yaml": room }), [
    "profiles.room.fields.temperature.range changed: -40, 125 -> -40, 60 (reload)",
  ]);
});

Deno.test("what is read at the start alone is not in force after a reload, and still differs", async () => {
  const started = await settings(BASE);
  const loaded = await settings(BASE.replace("id: g", "id: other").replace("above: 80", "above: 90"));
  const now = { config: inForce(started.config, loaded.config), rules: loaded.rules };
  assertEquals(differences(started, now).map(line), ["alerts.hot.above changed: 80 -> 90 (reload)"]);
  assertEquals(differences(now, loaded).map(line), [
    "gateway.id changed: g -> other (restart)",
    "mqtt.client_id changed: sluice-g -> sluice-other (restart)",
  ]);
});

Deno.test("every number of the sample is known to be a duration, a size or a plain number", async () => {
  const loaded = await loadConfig("deploy/gateway.yaml", denoIo().sources);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const plain = new Set<string>();
  const look = (node: ReturnType<typeof settingsTree>): void => {
    for (const [name, child] of node.children) {
      if ("children" in child) look(child);
      else if (/^\d{4,}$/.test(child.shown)) plain.add(name);
    }
  };
  look(settingsTree(loaded.config, loaded.rules));
  assertEquals([...plain].sort(), [
    "device_rate",
    "devices",
    "keys",
    "max_length",
    "max_points",
    "port",
    "series",
    "windows",
  ]);
  assertEquals([...DURATIONS].filter((name) => SIZES.has(name)), []);
});
