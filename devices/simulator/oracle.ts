/**
 * The independent recomputation: from what was published to what must be in the database.
 *
 * Written from the words of the contract (windows aligned to the epoch whose points carry the start; a value that
 * passes on change, repeated after a heartbeat; fields named by their aggregate) and not from the gateway's code,
 * with which it shares nothing but the types of the rules. It keeps all readings of a window until the end: slow
 * and plain, so that it can be believed.
 *
 * It takes for granted that the gateway had no reason to call a reading late: per device the messages were
 * published in the order of their times, or at least within `hold` of it.
 * @module
 */
import { type FieldOracle, fieldOracle } from "./oracle_fields.ts";
import { judge, type OracleRules } from "./oracle_readings.ts";
import { PointTable, seriesKey } from "./point_table.ts";

/** A message that the broker acknowledged. */
export interface Published {
  /** MQTT topic. */
  readonly topic: string;
  /** JSON. */
  readonly payload: string;
  /** Wall clock at receipt, ms, to within seconds; left out where no time is to be held against it. */
  readonly receivedAt?: number;
}

/** What must be true at rest, when every window was written and nothing waits. */
export interface Expectation {
  /** What must be in the database. */
  readonly points: PointTable;
  /** Messages in all. */
  messages: number;
  /** Messages that no subscription takes. */
  filtered: number;
  /** Messages that belong into the quarantine. */
  quarantined: number;
  /** Messages that repeat one of the last of their device: the same number, the same content. */
  duplicate: number;
  /** Messages that their profile's `sample` leaves out. */
  sampled: number;
  /** Readings of the messages that were taken, refused ones included. */
  readings: number;
  /** Readings that were refused by themselves. */
  rejected: number;
  /** Readings that `on: change` holds back. */
  unchanged: number;
}

/** The last messages of each counting device; a second one of the same words has the same number. */
class Recent {
  static readonly #DEPTH = 32;
  readonly #byTopic = new Map<string, string[]>();

  /** Whether a message is among them; remembers it. */
  holds(topic: string, payload: string): boolean {
    let last = this.#byTopic.get(topic);
    if (last === undefined) this.#byTopic.set(topic, last = []);
    if (last.includes(payload)) return true;
    last.push(payload);
    if (last.length > Recent.#DEPTH) last.shift();
    return false;
  }
}

/**
 * Computes what must be in the database.
 *
 * @param messages in the order of publishing per device, each once however often it was sent
 * @param rules with all defaults resolved
 */
export function expectedPoints(messages: Iterable<Published>, rules: OracleRules): Expectation {
  const points = new PointTable();
  const expectation: Expectation = {
    points,
    messages: 0,
    filtered: 0,
    quarantined: 0,
    duplicate: 0,
    sampled: 0,
    readings: 0,
    rejected: 0,
    unchanged: 0,
  };
  const fields = new Map<string, Map<string, FieldOracle>>();
  const recent = new Recent();
  for (const { topic, payload, receivedAt } of messages) {
    expectation.messages++;
    const judgement = judge(rules, topic, payload, receivedAt);
    if (judgement.kind !== "taken") {
      expectation[judgement.kind]++;
      continue;
    }
    if (judgement.sequence !== undefined && recent.holds(topic, payload)) {
      expectation.duplicate++;
      continue;
    }
    if (judgement.sampled) {
      expectation.sampled++;
      continue;
    }
    const series = seriesKey(judgement.profile.measurement, judgement.tags);
    let own = fields.get(series);
    if (own === undefined) fields.set(series, own = new Map());
    expectation.readings += judgement.readings.length + judgement.rejected;
    expectation.rejected += judgement.rejected;
    for (const { field, value } of judgement.readings) {
      let oracle = own.get(field.name);
      if (oracle === undefined) own.set(field.name, oracle = fieldOracle(field, series, points));
      if (!oracle.take(judgement.time, value)) expectation.unchanged++;
    }
  }
  for (const own of fields.values()) for (const oracle of own.values()) oracle.finish();
  return expectation;
}
