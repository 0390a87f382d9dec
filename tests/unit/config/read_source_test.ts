import { assertEquals } from "@std/assert";
import { loadConfig, renderProblem } from "../../../src/config/mod.ts";
import { judged, memorySources, ROOM, small } from "./memory_sources.ts";

Deno.test("a configuration that is not there is one problem with its reason", async () => {
  assertEquals(await judged({ "devices/profiles/room.yaml": ROOM }), [
    "gateway.yaml:1:1: The file cannot be read, there is nothing at this path",
  ]);
});

Deno.test("a file that may not be read says so", async () => {
  const sources = {
    ...memorySources({}),
    readText: () => Promise.reject(new Deno.errors.PermissionDenied("no")),
  };
  const loaded = await loadConfig("/etc/sluice/gateway.yaml", sources);
  assertEquals(loaded.ok ? [] : loaded.problems.map(renderProblem), [
    "/etc/sluice/gateway.yaml:1:1: The file cannot be read, reading it is not permitted",
  ]);
});

Deno.test("a file larger than 1 MiB is refused unread", async () => {
  assertEquals(await judged(small(`# ${"x".repeat(1_048_576)}\n`)), [
    `gateway.yaml:1:1: The file is too large, found "1048650 bytes", allowed at most 1048576`,
  ]);
});

Deno.test("aliases that multiply are refused", async () => {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
  for (const [last, next] of ["ab", "bc", "cd", "de", "ef"]) {
    lines.push(`${next}: &${next} [${Array(10).fill(`*${last}`).join(", ")}]`);
  }
  const [first, ...others] = await judged(small(`${lines.join("\n")}\n`));
  assertEquals(others, []);
  assertEquals(
    first?.replace(/:\d+:\d+ \S+:/, ":"),
    "gateway.yaml: The aliases of the file expand too far, allowed at most 10000 values",
  );
});

Deno.test("an honest alias is what it stands for, and its problems are shown where the anchor stands", async () => {
  const retry = "influxdb:\n  org: o\n  bucket: b\n  token: t\n  timeout: &t 5s\n  batch: { max_wait: *t }\n";
  assertEquals(await judged(small(retry)), ["valid"]);
  assertEquals(await judged(small(retry.replace("5s", "5x"))), [
    'gateway.yaml:7:15 influxdb.timeout: The duration cannot be understood, found "5x", allowed a number with a ' +
    "unit: 500ms, 10s, 5m, 24h, 7d",
    'gateway.yaml:8:22 influxdb.batch.max_wait: The duration cannot be understood, found "5x", allowed a number ' +
    "with a unit: 500ms, 10s, 5m, 24h, 7d",
  ]);
});

Deno.test("nesting without end is refused, whether the parser or the depth gives up first", async () => {
  for (const depth of [70, 20_000]) {
    const [first, ...others] = await judged(small(`log: ${"[".repeat(depth)}${"]".repeat(depth)}\n`));
    assertEquals(others, []);
    assertEquals(
      first?.replace(/:\d+:\d+( \S+)?: The/, ": The"),
      "gateway.yaml: The file is nested too deeply, allowed at most 64 levels",
    );
  }
});

Deno.test("a key without a value counts as left out", async () => {
  assertEquals(
    await judged(small("influxdb:\nmqtt:\n  tls: { ca_file: , cert_file: , key_file: }\napi:\n")),
    [
      "valid",
    ],
  );
});

Deno.test("variables and their defaults are filled in, and $${ stands for itself", async () => {
  const files = small(
    'mqtt:\n  username: "${USER_NAME}"\n  client_id: "a-${PLANT:-north}-$${x}"\n  receive_maximum: ${RM:-7}\n',
  );
  const loaded = await loadConfig("gateway.yaml", memorySources(files, { USER_NAME: "me", PLANT: "" }));
  assertEquals(loaded.ok && [loaded.config.mqtt.username, loaded.config.mqtt.clientId], [
    "me",
    "a-north-${x}",
  ]);
  assertEquals(loaded.ok && loaded.rules.receiveMaximum, 7);
});

Deno.test("the examples of a profile are data: nothing is filled in, nothing is left out", async () => {
  const profile =
    `${ROOM}examples:\n  - message: { a: null, b: "\${NOT_SET}" }\n    refused: missing_field\n`;
  assertEquals(await judged({ ...small(""), "devices/profiles/room.yaml": profile }), ["valid"]);
});
