/**
 * The run: payload after payload through the real river, with ticks, redeliveries, new sessions, other rules and
 * restarts in between.
 * @module
 */
import { assertEquals } from "@std/assert";
import type { InboxContent, InboxRecord, Rules } from "../../../src/model/mod.ts";
import { River, snapshotRiver } from "../../../src/pipeline/mod.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../../src/pipeline/checkpoint_codec.ts";
import { holdBooks, holdBounds } from "./bounds.ts";
import type { Corpus } from "./corpus.ts";
import { Dice, nat } from "./dice.ts";
import { Finding } from "./finding.ts";
import { riverOf, takeIn } from "./take_in.ts";
import { BEGIN, type Shipped } from "./real_objects.ts";
import { fuzzRules, KEYRING } from "./rules.ts";
import { type Shot, Traffic } from "./traffic.ts";
import { Watch } from "./watch.ts";

/** Payloads between two checkpoints; at each of them the books are held and the process dies. */
const STRETCH = 10_000;
/** Largest checkpoint under these limits, bytes: some 1 KiB for each series that there may be. */
const LARGEST_CHECKPOINT = 4 * 1024 * 1024;

/** What became of the payloads of one format. */
export interface FormatCounts {
  payloads: number;
  /** Of those: refused as a whole, by reason. */
  readonly refused: Map<string, number>;
  /** Time spent in the river, ms. */
  ms: number;
}

/** Where a stretch begins, and what came since: enough to see a failure again. */
export interface Stretch {
  /** The checkpoint at its beginning. */
  readonly checkpoint: Uint8Array;
  readonly records: InboxRecord[];
}

/** A run; the same corpus and seed give the same. */
export class FuzzRun {
  readonly watch: Watch;
  /** By format. */
  readonly counts = new Map<string, FormatCounts>();
  stretch: Stretch;
  /** Size of the newest checkpoint, bytes. */
  checkpointBytes = 0;
  payloads = 0;
  #river: River;
  #position = 0;
  #elapsed = 0;
  #packetId = 0;
  #connection = 1;
  #stretches = 0;
  /** Payloads that a device gone mad still sends. */
  #burst = 0;
  readonly #dice: Dice;
  readonly #corpus: Corpus;
  readonly #traffic: Traffic;
  readonly #rules: readonly [Rules, Rules];
  readonly #recent: Shot[] = [];

  constructor(shipped: Shipped, corpus: Corpus, seed: number) {
    this.#dice = new Dice(seed, 1);
    this.#corpus = corpus;
    this.#rules = [fuzzRules(shipped.profiles, false), fuzzRules(shipped.profiles, true)];
    this.watch = new Watch(this.#rules[0]);
    this.#river = new River(this.#rules[0], [], KEYRING);
    corpus.refresh(BEGIN, this.#dice);
    this.#traffic = new Traffic(corpus, this.#dice);
    this.stretch = { checkpoint: encodeCheckpoint(snapshotRiver(this.#river)), records: [] };
  }

  /** The river as it is. */
  get river(): River {
    return this.#river;
  }

  /**
   * Lets so many payloads through.
   *
   * @throws {Finding} where something is not as promised
   */
  async run(payloads: number): Promise<void> {
    for (let left = payloads; left > 0; left -= STRETCH) {
      for (let n = Math.min(left, STRETCH); n > 0; n--) this.#one();
      this.#checkpoint();
      // What zlib has to put away waits for a turn of the event loop.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  #one(): void {
    const dice = this.#dice;
    const chance = nat(dice, 1_000);
    if (chance === 7) this.#burst = 100;
    // Mostly a millisecond or two between payloads, now and then a silence that lets windows end, or a device gone mad.
    const bursts = this.#burst-- > 0;
    if (!bursts) this.#elapsed += chance < 3 ? nat(dice, 9_000) : nat(dice, 3);
    if (chance < 5) this.#take({ kind: "tick" });
    else if (chance < 6) {
      this.#take({
        kind: "session",
        session: { connection: ++this.#connection, resumed: dice.happens(0.7) },
      });
    }
    const again = bursts
      ? this.#recent[0]
      : chance < 20
      ? this.#recent[nat(dice, this.#recent.length)]
      : undefined;
    const shot = again ?? this.#traffic.next(BEGIN + this.#elapsed);
    if (!bursts) this.#recent[this.payloads % 20] = shot;
    this.payloads++;
    const dup = again !== undefined && dice.happens(0.5);
    this.watch.refusedAs = undefined;
    const started = performance.now();
    this.#take({
      kind: "message",
      message: {
        topic: shot.topic,
        payload: shot.payload,
        connection: this.#connection,
        packetId: dup ? Math.max(1, this.#packetId) : this.#packetId = this.#packetId % 65_535 + 1,
        dup,
        retain: chance > 990,
        userProperties: [],
      },
    });
    this.#count(shot, performance.now() - started, this.watch.refusedAs);
  }

  #take(content: InboxContent): void {
    const stamp = { receivedAt: BEGIN + this.#elapsed, elapsed: this.#elapsed, implausible: false };
    const record: InboxRecord = { position: ++this.#position, stamp, content };
    this.stretch.records.push(record);
    takeIn(this.#river, this.watch, record);
  }

  #count({ way }: Shot, ms: number, reason: string | undefined): void {
    let counts = this.counts.get(way.format);
    if (counts === undefined) {
      this.counts.set(way.format, counts = { payloads: 0, refused: new Map(), ms: 0 });
    }
    counts.payloads++;
    counts.ms += ms;
    if (reason !== undefined) counts.refused.set(reason, (counts.refused.get(reason) ?? 0) + 1);
  }

  /** Holds books and bounds; dies and comes back from a checkpoint; now and then under other rules. */
  #checkpoint(): void {
    holdBooks(this.#river, this.watch);
    holdBounds(this.#river, this.#rules[0].limits);
    const checkpoint = encodeCheckpoint(snapshotRiver(this.#river));
    this.checkpointBytes = checkpoint.length;
    if (checkpoint.length > LARGEST_CHECKPOINT) {
      throw new Finding("bounds", `the checkpoint has ${checkpoint.length} bytes`);
    }
    this.#river = riverOf(checkpoint);
    holdBooks(this.#river, this.watch);
    this.stretch = { checkpoint, records: [] };
    if (++this.#stretches % 4 === 0) {
      // A checkpoint of what a checkpoint gave holds the same.
      const again = encodeCheckpoint(snapshotRiver(this.#river));
      assertEquals(decodeCheckpoint(again), decodeCheckpoint(checkpoint));
      const rules = this.#rules[this.#stretches % 8 === 0 ? 0 : 1];
      this.watch.rules = rules;
      this.#take({ kind: "rules", rules });
    }
    this.#corpus.refresh(BEGIN + this.#elapsed, this.#dice);
  }
}
