import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseOptions, type SimOptions } from "../../../devices/simulator/mod.ts";
import { FAULTS } from "../../../devices/simulator/faults/registry.ts";

function options(...args: string[]): SimOptions {
  const parsed = parseOptions(args);
  assert(parsed.kind === "run", JSON.stringify(parsed));
  return parsed.options;
}

function wrong(...args: string[]): string {
  const parsed = parseOptions(args);
  assert(parsed.kind === "wrong", JSON.stringify(parsed));
  return parsed.text;
}

Deno.test("without options: fifty devices, one message a second, one minute, no outage", () => {
  assertEquals(options(), {
    devices: 50,
    rate: 1,
    duration: 60_000,
    outage: 0,
    seed: 1,
    influx: null,
    broker: null,
    port: null,
    dataDir: null,
    keep: false,
    faults: [],
    start: "now",
    record: null,
    replay: null,
    points: null,
  });
});

Deno.test("options are taken with a space or an equals sign", () => {
  const args = "--devices 7 --rate=2.5 --seconds 90 --outage=20s --seed 9 --port 9000 --data-dir /x --keep";
  const parsed = options(...args.split(" "));
  assertEquals([parsed.devices, parsed.rate, parsed.duration, parsed.outage], [7, 2.5, 90_000, 20_000]);
  assertEquals([parsed.seed, parsed.port, parsed.dataDir, parsed.keep], [9, 9_000, "/x", true]);
});

Deno.test("faults are named, alone or all; a moment has its zone", () => {
  assertEquals(options("--faults", "spike,burst").faults, ["burst", "spike"]);
  assertEquals(options("--faults", "all").faults, FAULTS);
  assertEquals(options("--start", "2026-03-01T08:00:00Z").start, Date.UTC(2026, 2, 1, 8));
});

Deno.test("whoever names a seed gets a day that begins alike; otherwise the devices have the time of day", () => {
  assertEquals(options("--seed", "1").start, "midnight");
  assertEquals(options().start, "now");
  assertEquals(options("--seed", "1", "--start", "now").start, "now");
  assertEquals(options("--seed", "1", "--start", "2026-03-01T08:00:00Z").start, Date.UTC(2026, 2, 1, 8));
});

Deno.test("the points go to a file where the database is one that is read back", () => {
  assertEquals(options("--points", "p", "--influx", "http://h:8086?db=d").points, "p");
  assertStringIncludes(
    wrong("--points", "p", "--influx", "http://h?org=o&bucket=b&token=t"),
    "--points needs a database that is read back",
  );
});

Deno.test("a database is named by its address, with what its version needs", () => {
  assertEquals(options("--influx", "http://h:8086/?db=d&u=me&p=pw").influx, {
    version: 1,
    url: "http://h:8086",
    database: "d",
    username: "me",
    password: "pw",
  });
  assertEquals(options("--influx", "http://h:8086/x?org=o&bucket=b&token=t").influx, {
    version: 2,
    url: "http://h:8086/x",
    org: "o",
    bucket: "b",
    token: "t",
  });
});

Deno.test("wrong usage says what was found and what is allowed", () => {
  const cases: [string[], string][] = [
    [["--devices", "0"], 'Option --devices is "0"; allowed is a whole number from 1 to 10000'],
    [["--devices", "2.5"], "a whole number"],
    [["--rate", "fast"], 'Option --rate is "fast"'],
    [["--rate", "0"], "from 0.001 to 500"],
    [["--outage", "20"], "a duration such as 500ms, 20s or 2m"],
    [["--outage", "60s"], "shorter than the run of 60 s"],
    [["--minutes", "1", "--seconds", "1"], "not both"],
    [["--device", "1"], "There is no option --device"],
    [["--seed"], "Option --seed needs a value"],
    [["--seed", "--keep"], "Option --seed needs a value"],
    [["--seed", "1", "--seed", "2"], "given twice"],
    [["--keep=yes"], "takes no value"],
    [["--faults", "spike,gremlins"], '--faults names "gremlins"; allowed are all, dropout'],
    [["--start", "2026-03-01 08:00"], "a moment with its zone"],
    [["--replay", "x", "--seed", "1"], "--seed cannot stand beside --replay"],
    [["fifty"], 'Found "fifty"'],
    [["--broker", "localhost"], "mqtt://host:port"],
    [["--broker", "http://localhost"], "mqtt://host:port"],
    [["--influx", "http://h:8086"], "?db=NAME"],
    [["--influx", "https://h?db=d", "--outage", "5s"], "without TLS"],
    [["--port", "70000"], "from 1 to 65535"],
  ];
  for (const [args, text] of cases) assertStringIncludes(wrong(...args), text);
});

Deno.test("help is asked for", () => {
  assertEquals(parseOptions(["--help"]).kind, "help");
});
