/** Where every message is. */
export interface MessageCounts {
  /** Journalled, whatever became of them. */
  received: number;
  /** Gave readings. */
  processed: number;
  /** Redelivered twins and repeated sequence numbers. */
  duplicate: number;
  /** Matched no subscription. */
  filtered: number;
  /** Right in every way, and left out by their profile's `sample`. */
  sampled: number;
  /** Refused as a whole; those that go through at another try move to `processed`. */
  quarantined: number;
  /** In the inbox, not yet through the pipeline. */
  waiting: number;
  /** Lost to a damaged record of the inbox. */
  corrupt: number;
}

/** Where every reading is. */
export interface ReadingCounts {
  /** Found in messages that were processed. */
  decoded: number;
  /** In windows that are not yet emitted. */
  open: number;
  /** In points that wait for the database. */
  waiting: number;
  /** In points that the database took. */
  delivered: number;
  /** Dropped by `on: change`, since nothing changed. */
  unchanged: number;
  /** Refused one by one: range, type, future, … */
  rejected: number;
  /** Came after their window was written and forgotten. */
  late: number;
  /** In points that the database refused. */
  refused: number;
  /** In points that were given up for space or age. */
  evicted: number;
}

/** Where every point is. */
export interface PointCounts {
  /** Left the pipeline. */
  produced: number;
  /** Taken by the database. */
  delivered: number;
  /** In the outbox. */
  waiting: number;
  /** Refused by the database, each by itself. */
  refused: number;
  /** Given up for space or age. */
  evicted: number;
}

/** Counted beside the identities. */
export interface BesideCounts {
  /** Numbers missing between two messages of a device's sequence. */
  sequence_gaps: number;
  /** Taken for a redelivered twin without the DUP flag, nothing speaking against it. */
  duplicate_assumed: number;
  /** Messages the broker says it dropped (`$SYS`). */
  broker_dropped: number;
  /** Points sent once more after an unclear answer. */
  resent: number;
  /** Entries of the quarantine that went through when they were tried again. */
  replayed: number;
}

/** One consistent cut through all counters; the names are those of `GET /api/v1/ledger`. */
export interface Ledger {
  /** Where every message is. */
  messages: MessageCounts;
  /** Where every reading is. */
  readings: ReadingCounts;
  /** Where every point is. */
  points: PointCounts;
  /** Counted beside the identities. */
  beside: BesideCounts;
}

/** A ledger of zeros. */
export function emptyLedger(): Ledger {
  return {
    messages: {
      received: 0,
      processed: 0,
      duplicate: 0,
      filtered: 0,
      sampled: 0,
      quarantined: 0,
      waiting: 0,
      corrupt: 0,
    },
    readings: {
      decoded: 0,
      open: 0,
      waiting: 0,
      delivered: 0,
      unchanged: 0,
      rejected: 0,
      late: 0,
      refused: 0,
      evicted: 0,
    },
    points: { produced: 0, delivered: 0, waiting: 0, refused: 0, evicted: 0 },
    beside: { sequence_gaps: 0, duplicate_assumed: 0, broker_dropped: 0, resent: 0, replayed: 0 },
  };
}

/** By how much each identity is off; all zero means balanced. */
export interface Imbalance {
  /** Messages received that no other count accounts for; negative: accounted for twice. */
  readonly messages: number;
  /** Readings decoded that no other count accounts for; negative: accounted for twice. */
  readonly readings: number;
  /** Points produced that no other count accounts for; negative: accounted for twice. */
  readonly points: number;
}

/**
 * Holds a ledger against its identities:
 * messages: received = processed + duplicate + filtered + sampled + quarantined + waiting + corrupt;
 * readings: decoded = open + waiting + delivered + unchanged + rejected + late + refused + evicted;
 * points: produced = delivered + waiting + refused + evicted.
 */
export function imbalance(ledger: Ledger): Imbalance {
  const { messages: m, readings: r, points: p } = ledger;
  return {
    messages: m.received - m.processed - m.duplicate - m.filtered - m.sampled - m.quarantined - m.waiting -
      m.corrupt,
    readings: r.decoded - r.open - r.waiting - r.delivered - r.unchanged - r.rejected - r.late - r.refused -
      r.evicted,
    points: p.produced - p.delivered - p.waiting - p.refused - p.evicted,
  };
}

/** Whether every identity holds. */
export function balanced(ledger: Ledger): boolean {
  const off = imbalance(ledger);
  return off.messages === 0 && off.readings === 0 && off.points === 0;
}
