import { assertEquals, assertStringIncludes } from "@std/assert";
import { isConfidentialName, isConfidentialText } from "../../../src/learn/recognise/confidential.ts";
import { generousRange, unitOf } from "../../../src/learn/recognise/unit.ts";
import { NOW } from "../decode/limits.ts";
import { onlyKind, repeated, rulesOf } from "./learning.ts";

Deno.test("N7 … N11: types, units, ranges, paths, clock, sequence and cadence of a device", async () => {
  const kind = onlyKind(repeated("hall/oven-1/state", (turn) => ({
    ts: NOW + 1_000 * (turn + 1),
    seq: 40 + turn,
    temp_c: 180.5 + turn,
    env: { humidity: 40, "a.b": 1.5 },
    vib: [0.1, 0.2],
    door: turn % 2 === 0,
    mode: "heating",
    ...(turn % 2 === 0 ? { rssi: -60 - turn } : {}),
  }), 8));
  const { profiles } = await rulesOf(kind);
  const [profile] = Object.values(profiles);
  assertEquals(profile?.time, { path: ["ts"], unit: "ms" });
  assertEquals(profile?.sequence, ["seq"]);
  assertEquals(profile?.expectEvery, 1_000);
  assertEquals(
    profile?.fields.map((
      { name, path, type, unit, range, required },
    ) => [name, path, type, unit, range, required]),
    [
      ["temp_c", ["temp_c"], "float", "degC", [0, 500], true],
      ["humidity", ["env", "humidity"], "float", "percent", [0, 100], true],
      ["a_b", ["env", "a.b"], "float", null, [0, 5], true],
      ["vib_0", ["vib", 0], "float", null, [0, 2], true],
      ["vib_1", ["vib", 1], "float", null, [0, 2], true],
      ["door", ["door"], "boolean", null, null, true],
      ["mode", ["mode"], "string", null, null, true],
      ["rssi", ["rssi"], "int", "dBm", [-200, 50], false],
    ],
  );
  const shares = Object.fromEntries(kind.fields.map(({ name, share }) => [name, share]));
  assertEquals([shares.temp_c, shares.rssi], [1, 0.5]);
  assertStringIncludes(kind.profileYaml, "# seen: 180.5 to 187.5");
});

for (
  const [unit, at] of [
    ["s", (ms: number) => ms / 1_000],
    ["ms", (ms: number) => ms],
    ["us", (ms: number) => ms * 1_000],
    ["ns", (ms: number) => BigInt(ms) * 1_000_000n],
    ["iso8601", (ms: number) => new Date(ms).toISOString()],
  ] as const
) {
  Deno.test(`N8: a clock in ${unit}`, async () => {
    const kind = onlyKind(repeated("hall/oven-1", (turn) => {
      const time = at(NOW + turn * 1_000);
      return `{"time":${typeof time === "string" ? JSON.stringify(time) : time},"v":1.5}`;
    }));
    assertEquals(Object.values((await rulesOf(kind)).profiles)[0]?.time, { path: ["time"], unit });
    assertEquals(kind.fields.find(({ path }) => path === "time")?.type, "time");
  });
}

Deno.test("N8: a clock that is hours ahead is left out, for its readings would be refused", async () => {
  const kind = onlyKind(repeated("hall/oven-1", (turn) => ({ ts: NOW + 7_200_000 + turn, v: 1.5 })));
  const [profile] = Object.values((await rulesOf(kind)).profiles);
  assertEquals([profile?.time, profile?.fields.map(({ name }) => name)], [null, ["v"]]);
  assertStringIncludes(kind.profileYaml, "ts is left out: a time, but too far from the receipt");
});

Deno.test("N7: what two names would write to the database is written apart", async () => {
  const kind = onlyKind(repeated("hall/oven-1/x", () => ({
    ...{ a: 1.5, a_mean: "text", time: true, device: "oven", "a b": 2, "a-b": 3, "": 4, true: 5.5 },
    nested: { a: 6 },
  })));
  const fields = Object.values((await rulesOf(kind)).profiles)[0]?.fields ?? [];
  assertEquals(fields.map(({ name }) => name), [
    ...["a", "a_mean_2", "time_2", "device_2", "a_b", "a_b_2", "true", "a_2"],
  ]);
});

Deno.test("N7, N12: values of several types, numbers that no number carries and credentials are left out", async () => {
  const kind = onlyKind(
    repeated(
      "hall/oven-1",
      (turn) =>
        `{"v":1.5,"odd":${turn % 2 === 0 ? 1 : '"one"'},"huge":90071992547409931,"wifi_password":"hunter2",` +
        `"apiToken":"abc","owner":"ann@example.org"}`,
    ),
  );
  assertEquals(Object.values((await rulesOf(kind)).profiles)[0]?.fields.map(({ name }) => name), ["v"]);
  const shown = JSON.stringify(kind);
  for (const hidden of ["hunter2", "abc", "ann@"]) assertEquals(shown.includes(hidden), false, hidden);
  assertEquals(kind.fields.find(({ path }) => path === "apiToken")?.example, "••••••");
});

Deno.test("N14: a kind of which nothing can be a reading is not proposed", () => {
  const kind = onlyKind(repeated("hall/oven-1", () => ({ token: "abc" })));
  assertEquals([kind.state, kind.profileYaml, kind.subscriptionYaml], ["learning", "", ""]);
});

Deno.test("N10: an irregular device is expected at no time", async () => {
  const kind = onlyKind(
    [0, 1, 2, 900, 3, 4, 1_000, 5].map((s) => ["hall/oven-1", { v: 1.5 }, s * 1_000] as const),
  );
  assertEquals([kind.everyMs, Object.values((await rulesOf(kind)).profiles)[0]?.expectEvery], [null, null]);
});

Deno.test("N11: units by the last word, else by the quantity and its values", () => {
  const cases: readonly [string, [number, number], string | null][] = [
    ["temp_c", [20, 21], "degC"],
    ["boilerTempF", [160, 170], "degF"],
    ["soil_pct", [0, 1], "percent"],
    ["powerKw", [0, 4], "kW"],
    ["pump.rpm", [900, 950], "1/min"],
    ["rpm", [900, 950], "1/min"],
    ["pressure", [990, 1_010], "hPa"],
    ["pressure", [99_000, 101_000], "Pa"],
    ["pressure", [1, 6], "bar"],
    ["battery", [80, 99], "percent"],
    ["battery", [3_100, 3_300], "mV"],
    ["humidity", [40, 140], null],
    ["c", [1, 2], null],
    ["count", [1, 2], null],
  ];
  for (const [name, seen, unit] of cases) assertEquals(unitOf(name, seen), unit, name);
});

Deno.test("N11: ranges: that of the unit where it holds what was seen, else round numbers around it", () => {
  assertEquals(generousRange([20, 22], "degC"), [-60, 150]);
  assertEquals(generousRange([0, 0], null), [0, 1]);
  assertEquals(generousRange([180.5, 187.5], null), [0, 500]);
  assertEquals(generousRange([-30, 10], null), [-100, 50]);
  assertEquals(generousRange([-30, -10], null), [-100, 0]);
});

Deno.test("N12: credentials by name and by look", () => {
  for (const name of ["password", "wifiPassword", "api_key", "key", "x-auth-token", "PIN", "userEmail"]) {
    assertEquals(isConfidentialName(name), true, name);
  }
  for (const name of ["temperature", "keyboard", "pinion", "tokenless_count", "passes"]) {
    assertEquals(isConfidentialName(name), name === "tokenless_count", name);
  }
  assertEquals(isConfidentialText("eyJhbGciOi.eyJzdWIi.x"), true);
  assertEquals(isConfidentialText("mqtt://user:pw@host"), true);
  assertEquals(isConfidentialText("running"), false);
});
