import { assertEquals } from "@std/assert";
import { learned, onlyKind, repeated, rulesOf, type Sent } from "./learning.ts";

const climate = (turn: number): object => ({ temperature: 20 + turn / 10, humidity: 45 });

function on(...topics: string[]): Sent[] {
  return topics.flatMap((topic) => repeated(topic, climate, 3));
}

const cases: readonly [what: string, topics: readonly string[], template: string, devices: number][] = [
  [
    "the level that differs is the device",
    ["hall/north/climate", "hall/south/climate"],
    "hall/{device}/climate",
    2,
  ],
  [
    "of several levels that differ the one with ids is the device, the others are tags named by the level before",
    ["sites/a/boiler-1/telemetry", "sites/b/boiler-2/telemetry"],
    "sites/{site}/{device}/telemetry",
    2,
  ],
  [
    "where no level before it has a name, a tag is numbered",
    ["a/boiler-1/x", "b/boiler-2/x"],
    "{level_1}/{device}/x",
    2,
  ],
  ["one topic: what looks like an id is the device", ["plant/9f86d081884c7d65/up"], "plant/{device}/up", 1],
  ["one topic: the level behind the word devices", ["devices/kitchen/up"], "devices/{device}/up", 1],
  [
    "uuids are ids",
    ["t/123e4567-e89b-12d3-a456-426614174000/up", "t/00000000-e89b-12d3-a456-426614174000/up"],
    "t/{device}/up",
    2,
  ],
  ["numbers are ids, wherever they stand", ["7/up", "12/up"], "{device}/up", 2],
];

for (const [what, topics, template, devices] of cases) {
  Deno.test(`N2, N4: ${what}`, async () => {
    const kind = onlyKind(on(...topics));
    assertEquals(kind.topic, template);
    assertEquals(kind.devices, devices);
    assertEquals((await rulesOf(kind)).subscriptions.map(({ topic }) => topic), [template]);
  });
}

Deno.test("N3: another role in the place of one is another kind, though the payload is the same", () => {
  const kinds = learned([...on("d1/telemetry", "d2/telemetry"), ...on("d1/status", "d2/status")]);
  assertEquals(kinds.map(({ topic }) => topic), ["{device}/telemetry", "{device}/status"]);
});

Deno.test("N3: kinds that turn out to be one become one", () => {
  const kind = onlyKind(on("north/one/x", "south/two/x", "north/two/x"));
  assertEquals(kind.topic, "{level_1}/{device}/x");
  assertEquals(kind.messages, 9);
});

Deno.test("N5: other payloads on topics of the same pattern get an entry for each topic", async () => {
  const pumps = ["hall/p1", "hall/p2"].flatMap((topic) => repeated(topic, (turn) => ({ rpm: 900 + turn })));
  const kinds = learned([...on("hall/c1", "hall/c2"), ...pumps]);
  assertEquals(kinds.length, 2);
  const { subscriptions } = await rulesOf(...kinds);
  assertEquals(subscriptions.map(({ topic, tags }) => [topic, tags]), [
    ["hall/c1", { device: "c1" }],
    ["hall/c2", { device: "c2" }],
    ["hall/p1", { device: "p1" }],
    ["hall/p2", { device: "p2" }],
  ]);
});

Deno.test("N6: bare values are fields of the device that their topic names", async () => {
  const kind = onlyKind(["kitchen", "bath"].flatMap((room) => [
    ...repeated(`home/${room}/temperature`, (turn) => `${20 + turn}.5`),
    ...repeated(`home/${room}/humidity`, () => "45"),
  ]));
  assertEquals([kind.topic, kind.format, kind.devices], ["home/{device}/{field}", "value", 2]);
  const { subscriptions, profiles } = await rulesOf(kind);
  assertEquals(subscriptions[0]?.format, "value");
  assertEquals(Object.values(profiles)[0]?.fields.map(({ name, unit }) => [name, unit]), [
    ["temperature", "degC"],
    ["humidity", "percent"],
  ]);
});

Deno.test("N2: a topic without a device gets the tag that says whose it is", async () => {
  const kind = onlyKind(on("telemetry"));
  assertEquals((await rulesOf(kind)).subscriptions.map(({ topic, tags }) => [topic, tags]), [
    ["telemetry", { device: "temperature" }],
  ]);
});

Deno.test("N5: what cannot be read is not drawn in by the pattern of its neighbours", async () => {
  const pictures = repeated("hall/cam", () => new Uint8Array([0xff, 0xd8, 0xff]));
  const kind = onlyKind([...on("hall/c1", "hall/c2"), ...pictures]);
  assertEquals((await rulesOf(kind)).subscriptions.map(({ topic }) => topic), ["hall/c1", "hall/c2"]);
});
