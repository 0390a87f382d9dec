import type { Downsample, FieldRule, FieldType, Profile, Rules } from "../../../src/model/mod.ts";

/** Windows with the given aggregates. */
export function windows(
  every: number,
  aggregates: Extract<Downsample, { kind: "window" }>["aggregates"],
): Downsample {
  return { kind: "window", every, aggregates, lateness: 0, idleAfter: 300, hold: 60_000 };
}

/** Every reading. */
export const EVERY_READING: Downsample = { kind: "none" };

/** A field rule with nothing special about it. */
export function field(
  name: string,
  type: FieldType,
  downsample: Downsample,
  more: Partial<FieldRule> = {},
): FieldRule {
  return {
    name,
    path: [name],
    type,
    unit: null,
    range: null,
    required: false,
    maxLength: null,
    scale: 1,
    offset: 0,
    downsample,
    ...more,
  };
}

/** A profile with a time in ms and a sequence number. */
export function profile(
  name: string,
  measurement: string,
  fields: readonly FieldRule[],
  more: Partial<Profile> = {},
): Profile {
  return {
    name,
    description: "",
    measurement,
    time: { path: ["ts"], unit: "ms" },
    sequence: ["seq"],
    expectEvery: null,
    fields,
    unknownFields: "ignore",
    keep: EVERY_READING,
    maxFuture: 300_000,
    maxAge: 2_592_000_000,
    ...more,
  };
}

/** The rules of the simulated site, with short windows. */
export function siteRules(run: string): Pick<Rules, "subscriptions" | "profiles"> {
  const wide = windows(1_000, ["mean", "min", "max", "count"]);
  const profiles = [
    profile("thermo-hygrometer", "climate", [
      field("temperature", "float", wide, { required: true, range: [-40, 125] }),
      field("humidity", "float", wide, { range: [0, 100] }),
      field("battery", "int", windows(2_000, ["last"])),
      field("door", "boolean", { kind: "change", heartbeat: 700 }),
      field("label", "string", EVERY_READING),
    ]),
    profile("power-meter", "power", [
      field("power", "float", wide, { required: true }),
      ...[0, 1, 2].map((phase) =>
        field(`voltage_l${phase + 1}`, "float", wide, { path: ["voltage", phase], scale: 0.1 })
      ),
      field("frequency", "float", EVERY_READING, { path: ["grid", "frequency"] }),
      field("energy", "int", windows(2_000, ["last"]), { path: ["register", "import"] }),
      field("tariff", "string", { kind: "change", heartbeat: null }),
      field("breaker_closed", "boolean", { kind: "change", heartbeat: 700 }),
    ], { time: { path: ["time"], unit: "s" }, sequence: null }),
  ];
  const subscription = (kind: string, name: string) => ({
    topic: `site/{site}/${kind}/{device}`,
    profile: name,
    format: "json" as const,
    tags: { sim_run: run },
  });
  return {
    subscriptions: [subscription("climate", "thermo-hygrometer"), subscription("power", "power-meter")],
    profiles: Object.fromEntries(profiles.map((one) => [one.name, one])),
  };
}
