/**
 * One payload after the other: real ones, and real ones that were damaged, on every way.
 * @module
 */
import { BYTE_MUTATORS } from "./byte_mutators.ts";
import { badlyCompressed, compressed } from "./compress.ts";
import { type Corpus, spoken } from "./corpus.ts";
import { type Dice, nat, pick } from "./dice.ts";
import { groupOf, type Way } from "./rules.ts";
import { SparkplugTraffic } from "./sparkplug_traffic.ts";
import { batched, changed } from "./value_mutators.ts";

/** A payload on a topic. */
export interface Shot {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly way: Way;
}

/** Of a hundred payloads so many are of Sparkplug B, where the corpus speaks it: its nodes want a conversation. */
const SPARKPLUG = 20;

/** Endless traffic; the same corpus and dice give the same. */
export class Traffic {
  readonly #corpus: Corpus;
  readonly #dice: Dice;
  readonly #sparkplug: readonly (readonly [Way, SparkplugTraffic])[];
  readonly #talking: readonly Way[];
  readonly #plain: readonly Way[];

  /** Begins with whatever the corpus holds. */
  constructor(corpus: Corpus, dice: Dice) {
    this.#corpus = corpus;
    this.#dice = dice;
    this.#sparkplug = corpus.ways.filter(({ format }) => format === "sparkplug_b").map((way) =>
      [way, new SparkplugTraffic(groupOf(way))] as const
    );
    this.#talking = corpus.ways.filter(({ format }) => format !== "sparkplug_b");
    this.#plain = this.#talking.filter(({ compression }) => compression === "none");
  }

  /** The next one. */
  next(now: number): Shot {
    const dice = this.#dice;
    const nodes = this.#talking.length === 0 || (this.#sparkplug.length > 0 && nat(dice, 100) < SPARKPLUG);
    const shot = nodes ? this.#ofNode(now) : this.#ofDevice(now);
    const topic = dice.happens(0.01) ? strange(shot.topic, dice) : shot.topic;
    return { ...shot, topic, payload: this.#packed(shot) };
  }

  #ofDevice(now: number): Shot {
    const dice = this.#dice;
    const chance = nat(dice, 100);
    if (chance < 18) return pick(dice, this.#corpus.reals);
    if (chance < 65) {
      const way = this.#anyWay();
      const members = this.#corpus.members(way, dice);
      const batches = way.format === "json" || way.format === "cbor" || way.format === "msgpack";
      const value = batches && dice.happens(0.1) ? batched(members, dice) : changed(members, dice);
      return spoken(way, value, now, dice);
    }
    const real = pick(dice, this.#corpus.reals);
    // In a format that is not the subscription's.
    if (chance < 68) return { ...real, payload: pick(dice, this.#corpus.reals).payload };
    return { ...real, payload: this.#damaged(real.payload) };
  }

  /** Mostly a plain one: compression costs more time than everything else. */
  #anyWay(): Way {
    const way = pick(this.#dice, this.#talking);
    if (way.compression === "none" || this.#dice.happens(0.2)) return way;
    return pick(this.#dice, this.#plain);
  }

  #ofNode(now: number): Shot {
    const dice = this.#dice;
    const [way, nodes] = pick(dice, this.#sparkplug);
    const members = this.#corpus.members(way, dice);
    const said = nodes.next(dice.happens(0.3) ? changed(members, dice) : members, now, dice);
    if (dice.happens(0.65)) return { way, topic: said.topic, payload: said.payload };
    said.damaged();
    return { way, topic: said.topic, payload: this.#damaged(said.payload) };
  }

  #damaged(payload: Uint8Array): Uint8Array {
    const dice = this.#dice;
    let bytes = payload;
    for (let times = dice.happens(0.7) ? 1 : 2; times > 0; times--) {
      bytes = pick(dice, BYTE_MUTATORS)(bytes, dice, () => pick(dice, this.#corpus.reals).payload);
    }
    return bytes;
  }

  #packed({ way, payload }: Shot): Uint8Array {
    const dice = this.#dice;
    const wanted = way.compression === "gzip";
    if (dice.happens(wanted ? 0.7 : 0.995)) return wanted ? compressed(payload) : payload;
    return wanted ? badlyCompressed(payload, dice) : compressed(payload);
  }
}

const LEVELS = [
  "",
  "#",
  "a b",
  "a,b=c",
  "\\",
  "x\\",
  "\u0001",
  "\ud800",
  "😀",
  "$SYS",
  "é",
  "x".repeat(9_000),
];

/** A topic that nobody expects: other devices, levels that are no tags, levels too many or too few. */
function strange(topic: string, dice: Dice): string {
  const levels = topic.split("/");
  const at = nat(dice, levels.length);
  const level = dice.happens(0.5) ? pick(dice, LEVELS) : `new-${nat(dice, 2_000)}`;
  const kept = dice.happens(0.7) ? 1 : nat(dice, 3);
  return [...levels.slice(0, at), level, ...levels.slice(at + kept)].join("/");
}
