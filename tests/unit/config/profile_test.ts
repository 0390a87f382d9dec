import { assertEquals } from "@std/assert";
import { loadConfig, renderProblem } from "../../../src/config/mod.ts";
import type { Downsample, Profile } from "../../../src/model/mod.ts";
import { judged, memorySources, small } from "./memory_sources.ts";

async function profileOf(profile: string, add = ""): Promise<Profile> {
  const files = { ...small(add), "devices/profiles/room.yaml": profile };
  const loaded = await loadConfig("gateway.yaml", memorySources(files));
  const room = loaded.ok ? loaded.rules.profiles.room : undefined;
  if (room !== undefined) return room;
  throw new Error(loaded.ok ? "no profile" : loaded.problems.map(renderProblem).join("\n"));
}

function rules(profile: Profile): Record<string, Downsample> {
  return Object.fromEntries(profile.fields.map((field) => [field.name, field.downsample]));
}

const FIELDS = `profile: room
fields:
  plain: { type: float }
  last: { type: int, downsample: { every: 60s, aggregates: [last] } }
  all: { type: float, downsample: none }
  door: { type: boolean }
  label: { type: string }
  mode: { type: string, downsample: { on: change, heartbeat: 1h } }
  seldom: { type: string, downsample: { on: change, heartbeat: never } }
  state: { type: boolean, downsample: { every: 60s, aggregates: [first, last, count] } }
`;

const WINDOW: Downsample = {
  kind: "window",
  every: 10_000,
  aggregates: ["mean", "min", "max", "count"],
  lateness: 2_000,
  idleAfter: 30_000,
  hold: 30_000,
};

Deno.test("a field says how it is downsampled, else numbers take windows and the rest passes on change", async () => {
  const profile = await profileOf(FIELDS);
  assertEquals(rules(profile), {
    plain: WINDOW,
    last: { ...WINDOW, every: 60_000, aggregates: ["last"] },
    all: { kind: "none" },
    door: { kind: "change", heartbeat: 300_000 },
    label: { kind: "change", heartbeat: 300_000 },
    mode: { kind: "change", heartbeat: 3_600_000 },
    seldom: { kind: "change", heartbeat: null },
    state: { ...WINDOW, every: 60_000, aggregates: ["first", "last", "count"] },
  });
  assertEquals(profile.keep, WINDOW);
});

Deno.test("a window of the profile lies over the configuration's and under the field's, for numbers", async () => {
  const profile = await profileOf(
    FIELDS.replace("fields:", "downsample: { lateness: 5s, hold: 1m, max_age: 1d }\nfields:"),
    "downsample: { every: 20s, lateness: 3s, max_future: 1m }\n",
  );
  const own = { ...WINDOW, every: 20_000, lateness: 5_000, hold: 60_000 };
  const { plain, last, door } = rules(profile);
  assertEquals(plain, own);
  assertEquals(last, { ...own, every: 60_000, aggregates: ["last"] });
  assertEquals(door, { kind: "change", heartbeat: 300_000 });
  assertEquals(profile.keep, own);
  assertEquals([profile.maxFuture, profile.maxAge], [60_000, 86_400_000]);
});

Deno.test("none and on: change of the profile are for all fields that say nothing", async () => {
  const none = await profileOf(FIELDS.replace("fields:", "downsample: none\nfields:"));
  const { plain, last, door, mode } = rules(none);
  assertEquals([plain, door, none.keep], [{ kind: "none" }, { kind: "none" }, { kind: "none" }]);
  // A field's own window still has something to lie over: the configuration's.
  assertEquals(last, { ...WINDOW, every: 60_000, aggregates: ["last"] });
  assertEquals(mode, { kind: "change", heartbeat: 3_600_000 });
  const change = await profileOf(FIELDS.replace("fields:", "downsample: { on: change }\nfields:"));
  assertEquals(rules(change).plain, { kind: "change", heartbeat: 300_000 });
});

Deno.test("all keys of a profile are resolved", async () => {
  const profile = await profileOf(`profile: room
description: A room
measurement: climate
time: { field: meta.ts, unit: ms }
sequence: meta.seq
expect_every: 30s
fields:
  t: { path: "v[0]", type: float, unit: degC, range: [-40, 125], required: true, scale: 0.1, offset: -40 }
  label: { type: string, max_length: 64 }
  a.b: { type: int }
unknown_fields: keep
`);
  const change: Downsample = { kind: "change", heartbeat: 300_000 };
  const plain = { unit: null, range: null, required: false, maxLength: null, scale: 1, offset: 0 };
  assertEquals(profile, {
    name: "room",
    description: "A room",
    measurement: "climate",
    time: { path: ["meta", "ts"], unit: "ms" },
    sequence: ["meta", "seq"],
    expectEvery: 30_000,
    fields: [
      {
        name: "t",
        path: ["v", 0],
        type: "float",
        unit: "degC",
        range: [-40, 125],
        required: true,
        maxLength: null,
        scale: 0.1,
        offset: -40,
        downsample: WINDOW,
      },
      { ...plain, name: "label", path: ["label"], type: "string", maxLength: 64, downsample: change },
      // A name is one key, dots and all; only `path` is taken apart.
      { ...plain, name: "a.b", path: ["a.b"], type: "int", downsample: WINDOW },
    ],
    unknownFields: "keep",
    keep: WINDOW,
    maxFuture: 300_000,
    maxAge: 2_592_000_000,
  });
});

Deno.test("two profiles may share a measurement where their fields differ", async () => {
  const second = "profile: second\nmeasurement: room\nfields:\n  pressure: { type: float }\n";
  assertEquals(await judged(small("", { "devices/profiles/second.yml": second })), ["valid"]);
});

Deno.test("fields that a profile keeps unnamed may be watched", async () => {
  const files = {
    ...small("alerts: [{ name: a, field: anything, above: 1 }]\n"),
    "devices/profiles/room.yaml": "profile: room\nunknown_fields: keep\n",
  };
  assertEquals(await judged(files), ["valid"]);
});
