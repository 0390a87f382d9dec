/** How often a rule would have fired and resolved. */
export interface Transitions {
  /** Times that it fired. */
  firing: number;
  /** Times that it resolved. */
  resolved: number;
}

/** What a replay came to. All counts are of the stretch, without what was read only for the state before it. */
export interface ReplaySummary {
  /** Position of the first record that was read; 0: there was none. */
  first: number;
  /** Position of the last one. */
  last: number;
  /** Time of receipt of the first and last record of the stretch, ms; `undefined`: it holds none. */
  received: { from: number; to: number } | undefined;
  /** What became of its messages. */
  messages: {
    received: number;
    processed: number;
    duplicate: number;
    filtered: number;
    sampled: number;
    quarantined: number;
  };
  /** What became of its readings, but for those that are in points. */
  readings: { decoded: number; unchanged: number; rejected: number; late: number };
  /** Points that went out, by measurement. */
  readonly points: Map<string, number>;
  /** Entries that the quarantine would have got, by reason. */
  readonly refusals: Map<string, number>;
  /** Alerts that would have been, by rule. */
  readonly alerts: Map<string, Transitions>;
  /** Points that did not go out. */
  readonly leftOut: {
    /** Beside the beginning or a gap: what is missing there may belong into them. */
    edge: number;
    /** Windows that were open at the end: the gateway writes them, or they belong to the next stretch. */
    open: number;
  };
  /** Positions of the journal that could not be read, in so many gaps. */
  readonly lost: { records: number; gaps: number };
  /** Records that put other rules in force, and were passed over. */
  rulesSkipped: number;
  /** Points that went out once more, since the running gateway completed their windows meanwhile. */
  sentAgain: number;
  /** Windows that went out while they could still change, and then what came to them meanwhile could not be read. */
  unchecked: number;
}

/** How far a replay is. */
export interface Progress {
  /** Records read so far. */
  readonly records: number;
  /** Time of receipt of the newest, ms. */
  readonly at: number;
  /** Points that went out so far. */
  readonly points: number;
}

/** A summary of nothing. */
export function emptySummary(): ReplaySummary {
  return {
    first: 0,
    last: 0,
    received: undefined,
    messages: { received: 0, processed: 0, duplicate: 0, filtered: 0, sampled: 0, quarantined: 0 },
    readings: { decoded: 0, unchanged: 0, rejected: 0, late: 0 },
    points: new Map(),
    refusals: new Map(),
    alerts: new Map(),
    leftOut: { edge: 0, open: 0 },
    lost: { records: 0, gaps: 0 },
    rulesSkipped: 0,
    sentAgain: 0,
    unchecked: 0,
  };
}
