import { FAULTS } from "./faults/registry.ts";

/** A database beside the simulator's own receiver. */
export type InfluxTarget =
  | {
    readonly version: 2;
    readonly url: string;
    readonly org: string;
    readonly bucket: string;
    readonly token: string;
  }
  | {
    readonly version: 1;
    readonly url: string;
    readonly database: string;
    readonly username: string | null;
    readonly password: string | null;
  };

/** What a run is to be. */
export interface SimOptions {
  /** How many devices publish. */
  readonly devices: number;
  /** Messages per second of one device. */
  readonly rate: number;
  /** How long the devices publish, ms. */
  readonly duration: number;
  /** How long the database is away in the middle of it, ms; 0 for not at all. */
  readonly outage: number;
  /** The same seed gives the same readings. */
  readonly seed: number;
  /** A real database; `null`: the receiver in the process. */
  readonly influx: InfluxTarget | null;
  /** A real broker; `null`: the one embedded in the gateway. */
  readonly broker: string | null;
  /** Port of the dashboard; `null`: 8080 or, where that is taken, a free one. */
  readonly port: number | null;
  /** Folder for configuration and data; `null`: a temporary one. */
  readonly dataDir: string | null;
  /** Leave the temporary folder behind. */
  readonly keep: boolean;
  /** Names of the faults that are switched on. */
  readonly faults: readonly string[];
  /** What the devices' clocks say at the beginning: ms since 1970, the time of day, or 00:00 UTC of this day. */
  readonly start: number | "now" | "midnight";
  /** File that everything published is written to. */
  readonly record: string | null;
  /** File of an earlier run, published again word for word; it decides what is published, and how long. */
  readonly replay: string | null;
  /** File that the points in the database are written to. */
  readonly points: string | null;
}

/** What the command line asks for. */
export type Parsed =
  | { readonly kind: "run"; readonly options: SimOptions }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly text: string };

class Wrong extends Error {}

function number(name: string, text: string, low: number, high: number, whole: boolean): number {
  const value = Number(text);
  const fits = /^\d+(\.\d+)?$/.test(text) && value >= low && value <= high &&
    (!whole || Number.isInteger(value));
  if (fits) return value;
  const kind = whole ? "a whole number" : "a number";
  throw new Wrong(`Option --${name} is "${text}"; allowed is ${kind} from ${low} to ${high}`);
}

function duration(name: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  if (match === null) {
    throw new Wrong(`Option --${name} is "${text}"; allowed is a duration such as 500ms, 20s or 2m`);
  }
  const unit = match[2] === "m" ? 60_000 : match[2] === "s" ? 1_000 : 1;
  return Math.round(Number(match[1]) * unit);
}

function address(name: string, text: string, schemes: readonly string[]): URL {
  const url = URL.parse(text);
  if (url !== null && schemes.includes(url.protocol.slice(0, -1)) && url.hostname !== "") return url;
  throw new Wrong(`Option --${name} is "${text}"; allowed is an address such as ${schemes[0]}://host:port`);
}

function influx(text: string): InfluxTarget {
  const url = address("influx", text, ["http", "https"]);
  const query = url.searchParams;
  const base = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  const database = query.get("db");
  if (database !== null) {
    return { version: 1, url: base, database, username: query.get("u"), password: query.get("p") };
  }
  const org = query.get("org");
  const bucket = query.get("bucket");
  const token = query.get("token");
  if (org !== null && bucket !== null && token !== null) return { version: 2, url: base, org, bucket, token };
  throw new Wrong(
    `Option --influx is "${text}"; it must end with ?db=NAME (version 1) or with ?org=ORG&bucket=NAME&token=TOKEN ` +
      `(version 2)`,
  );
}

function faultNames(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("all")) return FAULTS;
  const wrong = names.find((name) => !FAULTS.includes(name));
  if (wrong === undefined) return FAULTS.filter((name) => names.includes(name));
  throw new Wrong(`Option --faults names "${wrong}"; allowed are all, ${FAULTS.join(", ")}`);
}

function moment(name: string, text: string): number | "now" {
  if (text === "now") return text;
  const ms = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new Wrong(
    `Option --${name} is "${text}"; allowed is now, or a moment with its zone, as 2026-03-01T08:00:00Z`,
  );
}

const WITH_VALUE = new Set([
  "devices",
  "rate",
  "minutes",
  "seconds",
  "outage",
  "seed",
  "port",
  "broker",
  "influx",
  "data-dir",
  "faults",
  "start",
  "record",
  "replay",
  "points",
]);

/** What a replayed run brings with it. */
const IN_A_RECORDING = ["devices", "rate", "minutes", "seconds", "seed", "faults", "start", "record"];

function collect(args: readonly string[]): Map<string, string> {
  const given = new Map<string, string>();
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const match = /^--([a-z-]+)(?:=(.*))?$/.exec(word);
    const name = match?.[1];
    if (name === undefined) throw new Wrong(`Found "${word}", where an option is expected: see --help`);
    if (given.has(name)) throw new Wrong(`Option --${name} is given twice`);
    if (name === "help" || name === "keep") {
      if (match?.[2] !== undefined) throw new Wrong(`Option --${name} takes no value`);
      given.set(name, "");
      continue;
    }
    if (!WITH_VALUE.has(name)) throw new Wrong(`There is no option --${name}: see --help`);
    const value = match?.[2] ?? rest.shift();
    if (value === undefined || value.startsWith("--")) {
      throw new Wrong(`Option --${name} needs a value: see --help`);
    }
    given.set(name, value);
  }
  return given;
}

function options(given: ReadonlyMap<string, string>): SimOptions {
  const text = (name: string, standard: string): string => given.get(name) ?? standard;
  if (given.has("minutes") && given.has("seconds")) {
    throw new Wrong("Give either --minutes or --seconds, not both");
  }
  const length = given.has("seconds")
    ? number("seconds", text("seconds", ""), 1, 86_400, false) * 1_000
    : number("minutes", text("minutes", "1"), 0.01, 1_440, false) * 60_000;
  const outage = duration("outage", text("outage", "0s"));
  const brought = given.has("replay") ? IN_A_RECORDING.find((name) => given.has(name)) : undefined;
  if (brought !== undefined) {
    throw new Wrong(
      `Option --${brought} cannot stand beside --replay: the recording decides what is published`,
    );
  }
  if (outage >= length && !given.has("replay")) {
    throw new Wrong(
      `Option --outage is "${given.get("outage")}"; it must be shorter than the run of ${length / 1_000} s`,
    );
  }
  const broker = given.get("broker");
  const database = given.get("influx");
  if (outage > 0 && database?.startsWith("https:")) {
    throw new Wrong(
      "Option --outage needs a database without TLS: the cable in between cannot carry its certificate",
    );
  }
  const target = database === undefined ? null : influx(database);
  if (target?.version === 2 && given.has("points")) {
    throw new Wrong("Option --points needs a database that is read back: the embedded one, or version 1");
  }
  const port = given.get("port");
  const faults = given.get("faults");
  const start = given.get("start");
  return {
    devices: number("devices", text("devices", "50"), 1, 10_000, true),
    rate: number("rate", text("rate", "1"), 0.001, 500, false),
    duration: Math.round(length),
    outage,
    seed: number("seed", text("seed", "1"), 0, Number.MAX_SAFE_INTEGER, true),
    influx: target,
    broker: broker === undefined ? null : address("broker", broker, ["mqtt", "mqtts", "ws", "wss"]).href,
    port: port === undefined ? null : number("port", port, 1, 65_535, true),
    dataDir: given.get("data-dir") ?? null,
    keep: given.has("keep"),
    faults: faults === undefined ? [] : faultNames(faults),
    // Whoever names a seed wants the same run again.
    start: start === undefined ? given.has("seed") ? "midnight" : "now" : moment("start", start),
    record: given.get("record") ?? null,
    replay: given.get("replay") ?? null,
    points: given.get("points") ?? null,
  };
}

/** Reads the command line. */
export function parseOptions(args: readonly string[]): Parsed {
  try {
    const given = collect(args);
    if (given.has("help")) return { kind: "help" };
    return { kind: "run", options: options(given) };
  } catch (error) {
    if (error instanceof Wrong) return { kind: "wrong", text: error.message };
    throw error;
  }
}
