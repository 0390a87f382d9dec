/**
 * Real payloads for every way: what devices say at a moment, written in each format, and what other tests recorded.
 * @module
 */
import type { Format, Profile } from "../../../src/model/mod.ts";
import { type Dice, pick } from "./dice.ts";
import { flattened, type RealObject, RealObjects, type Shipped } from "./real_objects.ts";
import type { Recorded } from "./recorded.ts";
import { FLAT, groupOf, topicOf, type Way, waysOf } from "./rules.ts";
import { isMembers, type Members } from "./value_mutators.ts";
import { bare, cborOf, json, lines, msgpackOf, senml } from "./write_formats.ts";

/** A real payload on its way. */
export interface Real {
  readonly way: Way;
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** One of the devices of a way, besides those that somebody invents: a rate is held for each device. */
function deviceOf({ profile, format }: Way, dice: Dice): string {
  return `${profile}-${format}-${dice.happens(0.5) ? 1 : 2}`;
}

/** What devices say now; `refresh` moves on. */
export class Corpus {
  /** Every way, those that the payloads of this corpus go. */
  readonly ways: readonly Way[];
  /** Payloads of all ways, as of the last refresh. */
  reals: readonly Real[] = [];
  readonly #profiles: Shipped["profiles"];
  readonly #objects: RealObjects;
  readonly #recorded: readonly Recorded[];
  #ofProfile = new Map<string, readonly RealObject[]>();

  /** Says nothing before `refresh`. */
  constructor(shipped: Shipped, recorded: readonly Recorded[], formats: readonly Format[], seed: number) {
    this.#profiles = shipped.profiles;
    this.#objects = new RealObjects(shipped, seed);
    this.#recorded = recorded.filter(({ format }) => formats.includes(format));
    this.ways = waysOf(shipped.profiles).filter(({ format }) => formats.includes(format));
  }

  /** Everything anew, as of this moment. */
  refresh(now: number, dice: Dice): void {
    const said = Map.groupBy(this.#objects.at(now, dice), ({ profile }) => profile);
    this.#ofProfile = said;
    const written = this.ways.filter(({ format }) => format !== "sparkplug_b").flatMap((way) => {
      const all = said.get(way.profile) ?? [];
      const some = way.compression === "gzip" ? all.slice(0, 3) : all;
      return some.map(({ members }) => spoken(way, this.#shaped(way, members), now, dice));
    });
    const recorded = this.#recorded.map(({ format, payload }): Real => {
      const way = pick(dice, this.ways.filter((one) => one.format === format));
      const ofNode = `spBv1.0/${groupOf(way)}/${pick(dice, ["NBIRTH", "NDATA", "NDEATH"])}/recorded`;
      return { way, topic: format === "sparkplug_b" ? ofNode : topicOf(way, deviceOf(way, dice)), payload };
    });
    this.reals = [...written, ...recorded];
  }

  /** What a device of a way says now, in the shape that the format writes. */
  members(way: Way, dice: Dice): Members {
    const all = this.#ofProfile.get(way.profile) ?? [];
    return this.#shaped(way, pick(dice, all).members);
  }

  #shaped(way: Way, members: Members): Members {
    const profile: Profile | undefined = this.#profiles[way.profile];
    return profile !== undefined && FLAT.has(way.format) ? flattened(profile, members) : members;
  }
}

/** A message about these members, or about a batch of them, on its way; of a bare value any one of the members. */
export function spoken(way: Way, value: unknown, now: number, dice: Dice): Real {
  const device = deviceOf(way, dice);
  if (way.format !== "value") {
    return { way, topic: topicOf(way, device), payload: write(way.format, value, now, dice) };
  }
  const members = isMembers(value) ? value : {};
  const names = Object.keys(members);
  const name = names.length === 0 ? "x" : pick(dice, names);
  return { way, topic: topicOf(way, device, name), payload: bare(members[name]) };
}

function write(format: Exclude<Format, "value">, value: unknown, now: number, dice: Dice): Uint8Array {
  switch (format) {
    case "json":
    case "sparkplug_b":
      return json(value);
    case "cbor":
      return cborOf(value);
    case "msgpack":
      return msgpackOf(value);
    case "senml":
      return senml(isMembers(value) ? value : {}, now, dice);
    case "line_protocol":
      return lines(isMembers(value) ? value : {}, now, dice);
  }
}
