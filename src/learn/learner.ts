import { type Learned, propose } from "./propose.ts";
import { FormatReader, type PayloadLimits } from "./recognise/format.ts";
import { ENOUGH, type ReadMessage, readMessage, type SeenTopic, Shape } from "./shape.ts";

/** A message that no subscription takes. */
export interface UnknownMessage {
  /** The topic. */
  readonly topic: string;
  /** The payload; only its beginning where `originalBytes` is set. */
  readonly payload: Uint8Array;
  /** Size of the whole payload, where only its beginning was kept. */
  readonly originalBytes?: number;
  /** The broker's memory: it says nothing of how often the device reports. */
  readonly retain: boolean;
  /** Wall clock at receipt, ms. */
  readonly receivedAt: number;
}

/** What the learner is told. */
export interface LearnerOptions {
  /** What payloads may have at most. */
  readonly limits: PayloadLimits;
  /** Called once a kind has been understood. Quick, and never throws. */
  readonly onProposed?: (id: string) => void;
}

/** Kinds of messages that are remembered. */
export const MOST_SHAPES = 200;
/** Messages looked into in a second at most, and those of them on topics that are new. */
const LOOKS = 100;
const NEW_TOPICS = 50;
/** Messages of one kind looked into in a second. */
const LOOKS_OF_ONE = 10;
/** Topics of which nothing can be read that are remembered. */
const MOST_UNREAD = 200;
/** What is longer than this is no topic of a device, and would fill the memory. */
const LONGEST_TOPIC = 256;
const MOST_LEVELS = 16;

/**
 * Looks at what no subscription takes, and finds out what kinds of messages there are. A flood costs little: only so
 * many messages a second are looked into, all others are counted. Everything is in memory alone, and bounded.
 */
export class Learner {
  readonly #options: LearnerOptions;
  readonly #formats: FormatReader;
  readonly #shapes = new Map<string, Shape>();
  /** The shape of every topic that is remembered. */
  readonly #topics = new Map<string, Shape>();
  readonly #unread = new Set<string>();
  readonly #looksOf = new Map<Shape, number>();
  #second = 0;
  #looks = 0;
  #newTopics = 0;

  /** Knows nothing yet. */
  constructor(options: LearnerOptions) {
    this.#options = options;
    this.#formats = new FormatReader(options.limits);
  }

  /**
   * What is known of each kind that was not dismissed, in the order in which they were met.
   *
   * @param taken names of the profiles and measurements that there are
   */
  learned(taken: ReadonlySet<string>): Learned[] {
    const all = [...this.#shapes.values()];
    return propose(all.filter(({ dismissed }) => !dismissed), { all, unread: this.#unread, taken });
  }

  /** Looks at a message, or only counts it where there were too many in this second. */
  see(message: UnknownMessage): void {
    const { topic, receivedAt, retain } = message;
    if (topic.length > LONGEST_TOPIC) return;
    this.#begin(receivedAt);
    const known = this.#topics.get(topic);
    const seen = known?.topics.get(topic);
    known?.count(seen, receivedAt, retain);
    if (!this.#mayLook(known)) return;
    if (message.originalBytes !== undefined) return;
    const recognised = this.#formats.read(topic, message.payload, receivedAt);
    if (known !== undefined && known.format !== recognised?.format) {
      // A topic that says something else now and then, such as "offline", stays what it is.
      known.strange++;
      return;
    }
    const read = recognised === undefined ? undefined : readMessage(topic, recognised);
    if (read === undefined || read.members.every((one) => one.length === 0)) {
      if (known !== undefined) known.strange++;
      else if (this.#unread.size < MOST_UNREAD) this.#unread.add(topic);
      return;
    }
    if (read.parts.length > MOST_LEVELS) return;
    this.#unread.delete(topic);
    const shape = known ?? this.#shapeOf(topic, read, receivedAt);
    let own: SeenTopic | undefined = seen;
    if (known === undefined) {
      const met = shape.meet(topic, read.parts);
      own = met.seen;
      if (own !== undefined) this.#topics.set(topic, shape);
      shape.count(own, receivedAt, retain);
      if (met.widened) this.#gather(shape, read);
    }
    this.#looksOf.set(shape, (this.#looksOf.get(shape) ?? 0) + 1);
    shape.look(read, own, receivedAt);
    if (shape.read < ENOUGH || shape.told || shape.dismissed) return;
    shape.told = true;
    this.#options.onProposed?.(shape.id);
  }

  /** Nobody wants to know of a kind any more. @returns whether there was one */
  dismiss(id: string): boolean {
    const shape = this.#shapes.get(id);
    if (shape === undefined || shape.dismissed) return false;
    return shape.dismissed = true;
  }

  /** Forgets what is taken by now. */
  prune(taken: (topic: string) => boolean): void {
    for (const shape of this.#shapes.values()) {
      if (taken(shape.exampleTopic)) this.#forget(shape);
    }
  }

  #begin(receivedAt: number): void {
    const second = Math.floor(receivedAt / 1_000);
    if (second === this.#second) return;
    this.#second = second;
    this.#looks = this.#newTopics = 0;
    this.#looksOf.clear();
  }

  #mayLook(known: Shape | undefined): boolean {
    if (this.#looks >= LOOKS) return false;
    if (known === undefined) {
      if (this.#newTopics >= NEW_TOPICS) return false;
      this.#newTopics++;
    } else if (known.dismissed || (this.#looksOf.get(known) ?? 0) >= LOOKS_OF_ONE) return false;
    this.#looks++;
    return true;
  }

  #shapeOf(topic: string, read: ReadMessage, receivedAt: number): Shape {
    for (const shape of this.#shapes.values()) if (shape.suits(read)) return shape;
    if (this.#shapes.size >= MOST_SHAPES) this.#makeRoom();
    const shape = new Shape(this.#idOf(topic), topic, read, receivedAt);
    this.#shapes.set(shape.id, shape);
    return shape;
  }

  /** The same topic has the same id after a restart, as a rule. */
  #idOf(topic: string): string {
    // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/.
    let hash = 0x811c9dc5;
    for (let at = 0; at < topic.length; at++) hash = Math.imul(hash ^ topic.charCodeAt(at), 0x01000193);
    const id = (hash >>> 0).toString(36);
    let free = id;
    for (let n = 2; this.#shapes.has(free); n++) free = `${id}-${n}`;
    return free;
  }

  /** Others may be of this kind, too, now that one more level varies; or what links them has come. */
  #gather(shape: Shape, read: ReadMessage): void {
    for (const other of [...this.#shapes.values()]) {
      if (other === shape || !(shape.includes(other) || other.suits(read))) continue;
      shape.absorb(other);
      this.#forget(other);
      for (const topic of shape.topics.keys()) this.#topics.set(topic, shape);
    }
  }

  /** The kind with the fewest messages goes, of several the one that was silent longest. */
  #makeRoom(): void {
    let least: Shape | undefined;
    for (const shape of this.#shapes.values()) {
      if (
        least === undefined || shape.messages < least.messages ||
        (shape.messages === least.messages && shape.lastAt < least.lastAt)
      ) least = shape;
    }
    if (least !== undefined) this.#forget(least);
  }

  #forget(shape: Shape): void {
    this.#shapes.delete(shape.id);
    for (const topic of shape.topics.keys()) {
      if (this.#topics.get(topic) === shape) this.#topics.delete(topic);
    }
    this.#looksOf.delete(shape);
  }
}
