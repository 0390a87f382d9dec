import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import {
  type Credentials,
  type Destination,
  encodeLine,
  Forwarder,
  type ForwardEvent,
  HttpTransport,
  influxDestination,
} from "../../src/forward/mod.ts";
import type { Point, PointField, Tags } from "../../src/model/mod.ts";
import { type Influxd, startInfluxd } from "../support/influxd.ts";
import { MemoryOutbox } from "../support/memory_outbox.ts";
import { until } from "../support/until.ts";
import { startVictoria } from "../support/victoria.ts";

const NOW = Date.UTC(2025, 5, 1, 12);

function point(measurement: string, tags: Tags, fields: readonly PointField[], ms = NOW, ns = 0): Point {
  const stream = { deviceIndex: 0, device: "d", profile: "p", measurement, tags };
  return { stream, fields, ms, ns, readings: 1, correction: false };
}

const float = (name: string, value: number): PointField => ({ name, type: "float", value });
const int = (name: string, value: number): PointField => ({ name, type: "int", value });
const text = (name: string, value: string): PointField => ({ name, type: "string", value });

/** A forwarder over the machine's clock. */
class Line implements AsyncDisposable {
  readonly outbox = new MemoryOutbox();
  readonly events: ForwardEvent[] = [];
  readonly destination: Destination;
  readonly forwarder: Forwarder;
  readonly #transport = new HttpTransport({ clock: systemClock });

  constructor(url: string, version: 1 | 2, credentials: Credentials = { kind: "none" }, place = "telemetry") {
    this.destination = influxDestination(
      {
        url,
        timeout: 10_000,
        credentials,
        target: version === 1
          ? { version, database: place, retentionPolicy: null }
          : { version, org: "plant", bucket: place },
      },
      this.#transport,
      systemClock,
    );
    this.forwarder = new Forwarder({
      destination: this.destination,
      outbox: this.outbox,
      retry: { initial: 10, max: 100 },
      clock: systemClock,
      random: () => 0.5,
      onEvent: (event) => this.events.push(event),
    });
  }

  async send(...points: readonly Point[]): Promise<void> {
    this.forwarder.start();
    this.outbox.add(points.map(encodeLine));
    await until("everything is settled", () => this.outbox.waitingBlocks === 0, {
      state: () => this.forwarder.status,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.forwarder.stop(1_000);
    this.#transport.close();
  }
}

async function stored(database: Influxd, measurement: string): Promise<Record<string, unknown>[]> {
  const [series] = await database.query(`SELECT * FROM "${measurement}"`);
  return (series?.values ?? []).map((row) =>
    Object.fromEntries(row.map((value, at) => [series?.columns[at] ?? "", value]))
  );
}

Deno.test("InfluxDB 1.x holds every value, tag and nanosecond exactly as it was encoded", async () => {
  const database = await startInfluxd();
  if (database === undefined) return;
  try {
    await using line = new Line(database.url, 1);
    const hostile = "He said \"no \\ yes\",\nevil,host=x value=1 1\r\n\\n=5 '😀' ä\t";
    await line.send(
      point(
        "climate",
        [["device", "a b,c=d"], ["site", 'p\\q "r" ü😀']],
        [
          float("mean", 0.1 + 0.2),
          float("tiny", 5e-324),
          float("huge", -1.797_693_134_862_315_7e308),
          int("count", Number.MAX_SAFE_INTEGER),
          { name: "door", type: "boolean", value: false },
          text("la bel,x=", hostile),
          text("empty", ""),
        ],
        NOW,
        123_456,
      ),
      point("climate", [["device", "e"]], [float("mean", -0)], -1_000, 1),
    );
    const [first, second] = await stored(database, "climate");
    assertEquals(first, { time: "-999999999", device: "e", mean: -0, ...blank(first) });
    assertEquals(second?.time, `${NOW}123456`);
    assertEquals([second?.device, second?.site], ["a b,c=d", 'p\\q "r" ü😀']);
    assertEquals([second?.mean, second?.tiny, second?.huge], [
      0.1 + 0.2,
      5e-324,
      -1.797_693_134_862_315_7e308,
    ]);
    assertEquals([second?.count, second?.door, second?.empty], [Number.MAX_SAFE_INTEGER, false, ""]);
    assertEquals(second?.["la bel,x="], hostile);
    assertEquals(await database.query(`SELECT * FROM "evil"`), []);
    assertEquals(line.outbox.deadLetters.size, 0);
  } finally {
    await database.remove();
  }
});

/** The columns of a row that hold nothing. */
function blank(row: Record<string, unknown> | undefined): Record<string, null> {
  return Object.fromEntries(
    Object.entries(row ?? {}).flatMap(([name, value]) => value === null ? [[name, null]] : []),
  );
}

Deno.test("F6: in InfluxDB 1.x one field's type conflict costs neither the line's other fields nor other lines", async () => {
  const database = await startInfluxd();
  if (database === undefined) return;
  try {
    await using line = new Line(database.url, 1);
    await line.send(point("m", [["d", "a"]], [int("x", 1)]));
    const points = Array.from(
      { length: 200 },
      (_, n) =>
        point("m", [["d", `d${n}`]], [n === 150 ? float("x", 2.5) : int("x", n), float("y", n)], NOW + n),
    );
    await line.send(...points);
    const letters = [...line.outbox.deadLetters.values()].flat();
    assertEquals(letters.map(({ index, line, whole, status }) => ({ index, line, whole, status })), [{
      index: 150,
      line: `m,d=d150 x=2.5 ${NOW + 150}000000`,
      whole: false,
      status: 400,
    }]);
    assertStringIncludes(letters[0]?.words ?? "", 'input field "x" on measurement "m" is type float');
    const rows = (await stored(database, "m")).filter((row) => row.d !== "a");
    assertEquals(rows.length, 200);
    assertEquals(rows.filter((row) => row.x === null).map((row) => [row.d, row.y]), [["d150", 150]]);
  } finally {
    await database.remove();
  }
});

Deno.test("F5: a line that InfluxDB 1.x cannot read and names is isolated with its words", async () => {
  const database = await startInfluxd();
  if (database === undefined) return;
  try {
    await using line = new Line(database.url, 1);
    line.forwarder.start();
    const good = Array.from({ length: 50 }, (_, n) => `m,d=d${n} x=${n} ${NOW}000000`);
    const bad = [
      `m,d=t,time=5 x=1 ${NOW}000000`,
      `m,d=u x=NaN ${NOW}000000`,
      "m,d=v x=1 9223372036854775807",
    ];
    line.outbox.add([...good.slice(0, 20), ...bad, ...good.slice(20)]);
    await until("everything is settled", () => line.outbox.waitingBlocks === 0);
    const letters = line.outbox.deadLetters.get(1) ?? [];
    assertEquals(letters.map((letter) => letter.line), bad);
    assertStringIncludes(letters[1]?.words ?? "", "unable to parse");
    assertEquals((await stored(database, "m")).length, 50);
  } finally {
    await database.remove();
  }
});

Deno.test("F7: at InfluxDB's series limit the block is kept, known series go on, and the limit is named", async () => {
  const database = await startInfluxd({ maxSeries: 3 });
  if (database === undefined) return;
  try {
    await using line = new Line(database.url, 1);
    await line.send(...["a", "b", "c"].map((d) => point("m", [["d", d]], [float("x", 1)])));
    line.outbox.add([point("m", [["d", "z"]], [float("x", 1)])].map(encodeLine));
    await until("the limit is noticed", () => line.forwarder.status.reason === "capacity");
    line.outbox.add([point("m", [["d", "a"]], [float("x", 2)], NOW + 1_000)].map(encodeLine));
    await until("the known series is delivered", () => line.outbox.settled.length === 2);
    assertEquals([line.outbox.waitingBlocks, line.outbox.deadLetters.size], [1, 0]);
    assertStringIncludes(line.forwarder.status.text ?? "", "max-series-per-database limit exceeded: (3)");
  } finally {
    await database.remove();
  }
});

Deno.test("F5: a block larger than InfluxDB takes arrives in parts", async () => {
  const database = await startInfluxd({ maxBody: 2_000 });
  if (database === undefined) return;
  try {
    await using line = new Line(database.url, 1);
    await line.send(...Array.from({ length: 200 }, (_, n) => point("m", [["d", `d${n}`]], [float("x", n)])));
    assertEquals((await stored(database, "m")).length, 200);
    assertEquals(line.outbox.deadLetters.size, 0);
  } finally {
    await database.remove();
  }
});

Deno.test("F4: a missing database is named, and the data arrives once it exists", async () => {
  const database = await startInfluxd({ databases: [] });
  if (database === undefined) return;
  try {
    await using line = new Line(database.url, 1);
    line.forwarder.start();
    line.outbox.add([point("m", [["d", "a"]], [float("x", 1)])].map(encodeLine));
    await until("the forwarder holds", () => line.forwarder.status.state === "holding");
    assertStringIncludes(line.forwarder.status.text ?? "", 'does not know the database "telemetry"');
    assertEquals((await line.destination.probe()).ok, false);
    await database.query(`CREATE DATABASE "telemetry"`);
    await until("the block is delivered", () => line.outbox.waitingBlocks === 0);
    assertEquals((await stored(database, "m")).length, 1);
  } finally {
    await database.remove();
  }
});

Deno.test("F4: a wrong password holds, the right one delivers, and neither is in any text", async () => {
  const database = await startInfluxd({ admin: { name: "root", password: "right-4711" } });
  if (database === undefined) return;
  try {
    let password = "wrong-0815";
    await using line = new Line(database.url, 1, {
      kind: "password",
      username: "root",
      read: () => password,
    });
    line.forwarder.start();
    line.outbox.add([point("m", [["d", "a"]], [float("x", 1)])].map(encodeLine));
    await until("the forwarder holds", () => line.forwarder.status.reason === "unauthorised");
    const probe = await line.destination.probe();
    assertEquals(probe.ok, false);
    password = "right-4711";
    line.forwarder.reload();
    await until("the block is delivered", () => line.outbox.waitingBlocks === 0);
    const said = JSON.stringify([line.events, line.forwarder.status, probe]);
    for (const secret of [password, "wrong-0815", btoa("root:wrong-0815")]) assert(!said.includes(secret));
    assertEquals((await line.destination.probe()).ok, true);
  } finally {
    await database.remove();
  }
});

Deno.test("a probe writes nothing and says the version; figures of the gateway arrive beside the outbox", async () => {
  const database = await startInfluxd();
  if (database === undefined) return;
  try {
    await using line = new Line(database.url, 1);
    const probe = await line.destination.probe();
    assertEquals(probe.ok, true);
    assertStringIncludes(probe.text, "answers as version 1.");
    assertEquals(await database.query("SHOW MEASUREMENTS"), []);
    const figures = { measurement: "sluice", tags: { gateway: "plant 1" }, fields: { waiting: 3 } };
    assertEquals(await line.destination.report(figures), { kind: "delivered" });
    const [row] = await stored(database, "sluice");
    assertEquals([row?.gateway, row?.waiting], ["plant 1", 3]);
  } finally {
    await database.remove();
  }
  const gone = new Line(database.url, 1);
  const probe = await gone.destination.probe();
  assertEquals(probe.ok, false);
  assertStringIncludes(probe.text, "cannot be reached");
  await gone[Symbol.asyncDispose]();
});

Deno.test("F15: VictoriaMetrics holds numbers to about 12 digits, and a line break in a string writes no series of its own", async () => {
  const database = await startVictoria();
  if (database === undefined) return;
  try {
    await using line = new Line(database.url, 2);
    assertEquals((await line.destination.probe()).ok, true);
    await line.send(
      point("climate", [["device", "a b,c=d"], ["site", '"r" ü😀']], [
        float("mean", 21.5625),
        float("third", 1 / 3),
        int("count", 9_007_199_254_740_991),
        { name: "door", type: "boolean", value: true },
        text("label", `x\nevil,host=y value=1 ${NOW}000000\n`),
        float("after", 7),
      ]),
    );
    const series = await database.export('{__name__!=""}');
    const values = new Map(
      series.map(({ metric, values, timestamps }) => [metric.__name__, [values, timestamps]]),
    );
    assertEquals(values.get("climate_mean"), [[21.5625], [NOW]]);
    assertEquals(values.get("climate_after"), [[7], [NOW]]);
    assertEquals(values.get("climate_door"), [[1], [NOW]]);
    for (
      const [name, wanted] of [["climate_third", 1 / 3], ["climate_count", 9_007_199_254_740_991]] as const
    ) {
      const got = values.get(name)?.[0]?.[0] ?? 0;
      assert(Math.abs(got / wanted - 1) < 1e-11, `${name} is ${got}`);
    }
    assertEquals(values.has("evil_value"), false);
    // It has no strings: a string becomes the number 0.
    assertEquals(values.get("climate_label"), [[0], [NOW]]);
    assertEquals(series[0]?.metric.device, "a b,c=d");
    assertEquals(series[0]?.metric.site, '"r" ü😀');
  } finally {
    await database.remove();
  }
});
