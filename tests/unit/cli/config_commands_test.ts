import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parse } from "yaml";
import { check, type ProbeResult } from "../../../src/cli/check.ts";
import type { CliIo } from "../../../src/cli/io.ts";
import { schema } from "../../../src/cli/schema.ts";
import { token, tokenHash } from "../../../src/cli/token.ts";
import { loadConfig } from "../../../src/config/mod.ts";
import { memorySources, small } from "../config/memory_sources.ts";

interface Run {
  readonly io: CliIo;
  readonly out: () => string;
  readonly err: () => string;
}

function run(files: Readonly<Record<string, string>> = {}, color = false, terminal = color): Run {
  const out: string[] = [];
  const err: string[] = [];
  const io: CliIo = {
    stdout: (text) => void out.push(text),
    stderr: (text) => void err.push(text),
    isTerminal: terminal,
    color,
    env: () => undefined,
    readBytes: () => Promise.reject(new Error("There are no files of bytes")),
    sources: memorySources(files),
  };
  return { io, out: () => out.join(""), err: () => err.join("") };
}

const ARGS = { config: "gateway.yaml", probe: false };
const INFLUX = "influxdb: { org: plant, bucket: telemetry, token: hunter2 }\n";

function never(): Promise<ProbeResult[]> {
  throw new Error("Nobody asked for a probe");
}

Deno.test("check tells in a few lines what a valid configuration is, and ends with 0", async () => {
  const { io, out, err } = run(small(INFLUX), false, true);
  assertEquals(await check(ARGS, io, never), 0);
  assertEquals(err(), "");
  assertEquals(
    out(),
    `gateway.yaml is valid
  subscriptions  1
  profiles       1 (room)
  examples       0
  alerts         0
  data folder    data, up to 1GiB and 7d
  broker         mqtt://127.0.0.1:1883 as sluice-edge-7
  database       http://127.0.0.1:8086 version 2, bucket "telemetry" of "plant"
  api            http://127.0.0.1:8080
  note: while the gateway is away the broker keeps its messages. mosquitto as it comes keeps 1000 and drops
  the rest in silence, and keeps none over its own restart: see deploy/mosquitto/mosquitto.conf
`,
  );
});

Deno.test("check without a terminal is one JSON line", async () => {
  const { io, out } = run(small(INFLUX));
  assertEquals(await check(ARGS, io, never), 0);
  const { valid, subscriptions, data_folder: folder } = JSON.parse(out());
  assertEquals([valid, subscriptions, folder], [true, 1, "data, up to 1GiB and 7d"]);
});

Deno.test("check does not speak of a broker's queue where the broker is embedded, nor of a database there is none", async () => {
  const { io, out } = run(small('mqtt: { url: "embedded://127.0.0.1:1883" }\n'), false, true);
  assertEquals(await check(ARGS, io, never), 0);
  assertEquals(out().includes("note:"), false);
  assertStringIncludes(out(), "database       none, nothing is forwarded\n");
});

Deno.test("check tells every problem on standard error and ends with 2", async () => {
  const { io, out, err } = run(small("lgo: {}\nmqtt: { protocol: 3 }\n"));
  assertEquals(await check({ ...ARGS, probe: true }, io, never), 2);
  assertEquals(out(), "");
  assertEquals(
    err(),
    `error gateway.yaml:3:1 lgo: Unknown key, found "lgo", did you mean "log"
error gateway.yaml:4:19 mqtt.protocol: The value is not allowed, found "3", allowed 5, 4
2 problems in the configuration
`,
  );
});

Deno.test("check runs the examples of all profiles and tells each that fails, with its place, before any probe", async () => {
  const room = `profile: room
fields:
  temperature: { type: float, range: [0, 50] }
examples:
  - message: { temperature: 21.5 }
    readings: { temperature: 21.5 }
  - message: { temperature: 21.5 }
    readings: { temperature: 21.6 }
  - message: { temperature: 215 }
    refused: type
`;
  const { io, out, err } = run(small("", { "devices/profiles/room.yaml": room }));
  assertEquals(await check({ ...ARGS, probe: true }, io, never), 2);
  assertEquals(out(), "");
  assertEquals(
    err(),
    `error devices/profiles/room.yaml:8:15 examples[1].readings: The example does not come out as it says, ` +
      `found "temperature = 21.5", the example says temperature = 21.6
error devices/profiles/room.yaml:10:14 examples[2].refused: The example does not come out as it says, ` +
      `found "refused range (temperature)", the example says refused type
2 problems in the configuration
`,
  );
});

Deno.test("check counts a single problem as one, and colours it on a terminal", async () => {
  const { io, err } = run(small("lgo: {}\n"), true);
  assertEquals(await check(ARGS, io, never), 2);
  assertEquals(err().startsWith("\x1b[31merror\x1b[0m gateway.yaml:3:1"), true, err());
  assertMatch(err(), /\n1 problem in the configuration\n$/);
});

Deno.test("check tells warnings on standard error and still ends with 0", async () => {
  const { io, out, err } = run(small("mqtt: { receive_maximum: 5000 }\n"), false, true);
  assertEquals(await check(ARGS, io, never), 0);
  assertMatch(err(), /^warning gateway\.yaml:3:26 mqtt\.receive_maximum: .*\n$/);
  assertStringIncludes(out(), "gateway.yaml is valid\n");
});

Deno.test("check --probe ends with 0 where all answer, with 1 where one does not, and tells each", async () => {
  const fine = { what: "broker", ok: true, text: "The broker takes the session" };
  const bad = { what: "database", ok: false, text: "The bucket does not exist" };
  const both = run(small(INFLUX), false, true);
  const asked: string[] = [];
  const result = await check({ ...ARGS, probe: true }, both.io, (config) => {
    asked.push(config.mqtt.url);
    return Promise.resolve([fine, bad]);
  });
  assertEquals([result, asked], [1, ["mqtt://127.0.0.1:1883"]]);
  assertStringIncludes(both.out(), "ok     broker: The broker takes the session\n");
  assertStringIncludes(both.out(), "failed database: The bucket does not exist\n");
  const one = run(small(INFLUX));
  assertEquals(await check({ ...ARGS, probe: true }, one.io, () => Promise.resolve([fine])), 0);
});

Deno.test("schema prints the JSON Schema of the configuration or of a profile", () => {
  const config = run();
  assertEquals(schema({ profile: false }, config.io), 0);
  assertEquals(Object.hasOwn(JSON.parse(config.out()).properties, "subscriptions"), true);
  const profile = run();
  assertEquals(schema({ profile: true }, profile.io), 0);
  assertEquals(Object.hasOwn(JSON.parse(profile.out()).properties, "fields"), true);
});

Deno.test("token prints a token once, and a line that the configuration takes as its hash", async () => {
  const { io, out, err } = run();
  const asked: number[] = [];
  const code = token({ name: "grafana: main", role: "operator" }, io, (bytes) => {
    asked.push(bytes);
    return new Uint8Array(bytes).fill(0xfb);
  }, 0);
  assertEquals([code, err(), asked], [0, "", [32]]);
  const text = /^ {2}(sluice_[A-Za-z0-9_-]{43})$/m.exec(out())?.[1] ?? "";
  assertEquals(text, `sluice_${"-_v7".repeat(10)}-_s`);
  const line = /^ {2}(- \{.*\})$/m.exec(out())?.[1] ?? "";
  assertEquals(parse(line), [{ name: "grafana: main", role: "operator", hash: tokenHash(text) }]);
  assertEquals(out().split(text).length, 2);

  const files = small(`api:\n  tokens:\n    ${line}\n`);
  const loaded = await loadConfig("gateway.yaml", memorySources(files));
  assertEquals(loaded.ok && loaded.config.api.tokens, [
    { name: "grafana: main", role: "operator", sha256: tokenHash(text).slice("sha256:".length) },
  ]);
});

Deno.test("a token's hash is the SHA-256 of its text", () => {
  assertEquals(
    tokenHash("abc"),
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

Deno.test("token refuses an unknown role and a name that cannot be used, and asks for no dice", () => {
  const dice = (): Uint8Array => {
    throw new Error("No token was due");
  };
  const role = run();
  assertEquals(token({ name: "a", role: "boss" }, role.io, dice, 0), 2);
  assertEquals(role.err(), 'The role is not allowed, found "boss", allowed viewer, operator, admin\n');
  const name = run();
  assertEquals(token({ name: "", role: "viewer" }, name.io, dice, 0), 2);
  assertEquals(name.err(), 'The name cannot be used, found "", it is empty\n');
  assertEquals([role.out(), name.out()], ["", ""]);
});

Deno.test("a token may expire: its line says when, and the configuration reads it", async () => {
  const { io, out } = run();
  const now = Date.parse("2026-07-01T00:00:00Z");
  const args = { name: "visitor", role: "viewer", expires: "2027-01-01" };
  assertEquals(token(args, io, (bytes) => new Uint8Array(bytes), now), 0);
  const line = /^ {2}(- \{.*\})$/m.exec(out())?.[1] ?? "";
  const loaded = await loadConfig("gateway.yaml", memorySources(small(`api:\n  tokens:\n    ${line}\n`)));
  const [made] = loaded.ok ? loaded.config.api.tokens : [];
  assertEquals(made?.expires, Date.parse("2027-01-01T00:00:00Z"));
  for (
    const [expires, why] of [["tomorrow", "is no time"], ["2026-06-30", "is over"], [
      "2027-02-30",
      "is no time",
    ]]
  ) {
    const refused = run();
    assertEquals(token({ ...args, expires }, refused.io, (bytes) => new Uint8Array(bytes), now), 2);
    assertEquals(
      refused.err(),
      `The time of expiry ${why}, found "${expires}", allowed in the future a day such as 2027-01-01, from whose ` +
        "beginning on (UTC) it holds no more, or a time such as 2027-01-01T12:00:00Z\n",
    );
  }
});
