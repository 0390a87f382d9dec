import { Outbox, Quarantine } from "../../../src/buffer/mod.ts";
import { encodeLine, lineContent } from "../../../src/forward/mod.ts";
import type { History } from "../../../src/history/mod.ts";
import { imbalance, type InboxRecord, type Rules } from "../../../src/model/mod.ts";
import { River, riverLedger, type RiverOutput } from "../../../src/pipeline/mod.ts";
import { openNowhere } from "../kit/nowhere.ts";
import { spoiltOf } from "./site_records.ts";

/** As the gateway has them by default. */
const BLOCK = 5_000;
const MEMORY = 16 * 1024 * 1024;

/** River, outbox and quarantine as the gateway joins them, over a disk that takes everything at once. */
export class BenchPipeline {
  readonly #river: River;
  readonly #outbox: Outbox;
  readonly #quarantine: Quarantine;
  readonly #output: RiverOutput;
  #alerts = 0;

  private constructor(rules: Rules, outbox: Outbox, quarantine: Quarantine, history: History | undefined) {
    this.#river = new River(rules);
    this.#outbox = outbox;
    this.#quarantine = quarantine;
    this.#output = {
      point: (point) => outbox.add(point),
      refused: (refused) => void quarantine.add(refused),
      alert: () => void this.#alerts++,
      ...(history === undefined ? {} : {
        reading: (slot, stream, value, ms, position) => history.reading(slot, stream, value, ms, position),
      }),
    };
  }

  /**
   * Opens both journals.
   *
   * @param history what takes the readings; left out: nothing does
   */
  static async open(rules: Rules, history?: History): Promise<BenchPipeline> {
    const outbox = new Outbox({
      journal: await openNowhere("outbox", "manual"),
      encodeLine,
      contentOf: lineContent,
      maxPoints: BLOCK,
      maxWait: Infinity,
      memoryBytes: MEMORY,
      wall: () => Date.now(),
      // A block leaves when it is full: how quick the machine is decides nothing.
      after: () => ({ cancel(): void {} }),
      refused(): void {},
      lost(): void {},
    });
    const quarantine = new Quarantine(await openNowhere("quarantine", "manual"));
    return new BenchPipeline(rules, outbox, quarantine, history);
  }

  /** Takes one record in; what it completes is in the outbox, in a gzip'd block if that is full. */
  step(record: InboxRecord): void {
    this.#river.step(record, this.#output);
  }

  /** The database takes every block that is sealed. */
  async deliver(): Promise<void> {
    for (;;) {
      const block = await this.#outbox.next("backlog");
      if (block === undefined) break;
      this.#outbox.delivered(block.position);
    }
    await this.#quarantine.sync();
  }

  /**
   * Holds the books against what was put in.
   *
   * @throws where a message or a reading is not where it has to be
   */
  check(messages: number, devices: number): void {
    const ledger = riverLedger(this.#river);
    const { produced, delivered, waiting } = this.#outbox.counts.total;
    Object.assign(ledger.readings, { delivered: delivered.readings, waiting: waiting.readings });
    Object.assign(ledger.points, {
      produced: produced.points,
      delivered: delivered.points,
      waiting: waiting.points,
    });
    const spoilt = spoiltOf(messages);
    const right = Object.values(imbalance(ledger)).every((each) => each === 0) &&
      ledger.messages.processed === messages && ledger.readings.rejected === spoilt &&
      this.#quarantine.end === spoilt && ledger.points.produced > 0 && this.#alerts === 0 &&
      this.#river.registry.devices.length === Math.min(devices, messages);
    if (!right) {
      throw new Error(
        `Of ${messages} messages of ${devices} devices came ${
          JSON.stringify({ ...ledger, quarantine: this.#quarantine.end, alerts: this.#alerts })
        }`,
      );
    }
  }
}
