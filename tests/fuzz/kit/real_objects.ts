/**
 * What real devices say: the examples of every profile that comes along, and the simulator's devices.
 * @module
 */
import { MODELS } from "../../../devices/simulator/models/registry.ts";
import { Device } from "../../../devices/simulator/device.ts";
import { denoIo } from "../../../src/cli/mod.ts";
import { loadConfig, type ProfileExample, renderProblem } from "../../../src/config/mod.ts";
import { pathReader, type Profile, type TimeUnit } from "../../../src/model/mod.ts";
import { changedAt } from "./changed_at.ts";
import { type Dice, nat } from "./dice.ts";
import { isMembers, type Members } from "./value_mutators.ts";

/** Wall clock at the beginning of every run, ms: ten minutes after the moments in the profiles' examples. */
export const BEGIN = 1_764_000_600_000;

/** What a device of a profile says. */
export interface RealObject {
  /** Name of its profile. */
  readonly profile: string;
  /** The payload before a format writes it. */
  readonly members: Members;
}

/** The shipped profiles, with their examples. */
export interface Shipped {
  readonly profiles: Readonly<Record<string, Profile>>;
  readonly examples: readonly ProfileExample[];
}

/** Loads the sample configuration, and with it every profile that comes along. */
export async function shippedProfiles(): Promise<Shipped> {
  const path = new URL("../../../deploy/gateway.yaml", import.meta.url).pathname;
  const loaded = await loadConfig(path, denoIo().sources);
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  return { profiles: loaded.rules.profiles, examples: loaded.examples };
}

/** Says what devices say at one moment after the other. */
export class RealObjects {
  readonly #shipped: Shipped;
  readonly #devices: readonly Device[];
  #number = 0;

  constructor(shipped: Shipped, seed: number) {
    this.#shipped = shipped;
    this.#devices = MODELS.map((_, index) => new Device(seed, index, 1, MODELS));
  }

  /** Everything that is said about now: the examples as of now, and three messages of each device. */
  at(now: number, dice: Dice): RealObject[] {
    return [...this.#examples(now, dice), ...this.#fleet(now)];
  }

  #examples(now: number, dice: Dice): RealObject[] {
    return this.#shipped.examples.flatMap(({ profile, message }) => {
      const time = this.#shipped.profiles[profile]?.time;
      if (!isMembers(message)) return [];
      // What an example says of its own time, it says as the first message ever: others have come since.
      const keeps = time === null || time === undefined || dice.happens(0.2);
      const moment = keeps ? undefined : written(now - nat(dice, 3_000), time.unit);
      return [{
        profile,
        members: moment === undefined ? message : changedAt(message, time?.path ?? [], moment),
      }];
    });
  }

  #fleet(now: number): RealObject[] {
    return this.#devices.flatMap((device) =>
      [900, 500, 100].map((ago) => {
        const { fields } = device.take();
        const stamp = device.model.stamp(now - ago, ++this.#number);
        return { profile: device.profile, members: { ...stamp, ...fields } };
      })
    );
  }
}

function written(ms: number, unit: TimeUnit): unknown {
  switch (unit) {
    case "iso8601":
      return new Date(ms).toISOString();
    case "s":
      return Math.floor(ms / 1_000);
    case "ms":
      return ms;
    case "us":
      return ms * 1_000;
    case "ns":
      return BigInt(ms) * 1_000_000n;
  }
}

/** The members as formats without levels name them: each field of the profile by its name, and whatever else there is. */
export function flattened(profile: Profile, members: Members): Members {
  const flat: Record<string, unknown> = {};
  const claimed = new Set<string | number>(profile.time === null ? [] : [profile.time.path[0] ?? ""]);
  for (const { name, path } of profile.fields) {
    const value = pathReader(path)(members);
    claimed.add(path[0] ?? "");
    if (value !== undefined) flat[name] = value;
  }
  for (const [name, value] of Object.entries(members)) if (!claimed.has(name)) flat[name] = value;
  return flat;
}

/** The profile for formats without levels, whose records have times of their own. */
export function flatProfile(profile: Profile): Profile {
  return {
    ...profile,
    name: `${profile.name}-flat`,
    time: null,
    fields: profile.fields.map((rule) => ({ ...rule, path: [rule.name] })),
  };
}
