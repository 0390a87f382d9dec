import type { SeriesHistory, Sparklines } from "../schemas/history.ts";
import type { RuleTrial } from "../schemas/rule_trial.ts";
import type { ConfigFault } from "../schemas/config.ts";
import type { Unavailable } from "./unavailable.ts";

/** There is no local history at all. */
export interface NoHistoryKept {
  /** Tells it from every result. */
  readonly kind: "none_kept";
}

/** A stretch of time, ms since 1970; `null`: the usual one. */
export interface Span {
  /** Its beginning. */
  readonly from: number | null;
  /** Its end. */
  readonly to: number | null;
}

/** Which past is wanted. */
export interface HistoryQuery extends Span {
  /** Id of the series. */
  readonly series: string;
  /** Most points. */
  readonly points: number;
}

/** A rule that cannot be tried. */
export interface WrongRule {
  /** Tells it from every result. */
  readonly kind: "wrong";
  /** Everything that is wrong with it, by line and column of its text. */
  readonly problems: readonly ConfigFault[];
}

/** The local history. Asks a worker, hence the promises. */
export interface HistoryView {
  /** The past of a series; `undefined` where it is not known. */
  history(query: HistoryQuery): Promise<SeriesHistory | undefined | Unavailable | NoHistoryKept>;
  /** The last ten minutes of some devices. */
  sparklines(devices: readonly string[]): Promise<Sparklines | Unavailable | NoHistoryKept>;
  /** What a rule would have done. */
  tryRule(rule: string, span: Span): Promise<RuleTrial | WrongRule | Unavailable | NoHistoryKept>;
}
