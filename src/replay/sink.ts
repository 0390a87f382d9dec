import type { AlertEvent, Point } from "../model/mod.ts";

/** Where the output of a replay goes. */
export interface ReplaySink {
  /** A point that is whole; of two with the same series and time the later counts. */
  point(point: Point): void;
  /** An alert that would have fired or resolved. */
  alert(event: AlertEvent): void;
  /**
   * Resolves when it can take more.
   *
   * @throws {ReplayProblem} where it has given up
   */
  room(): Promise<void>;
  /**
   * Resolves when every point so far is where it belongs.
   *
   * @throws {ReplayProblem} where it has given up
   */
  settled(): Promise<void>;
}
