import type { IntakeStatus } from "../ingest/mod.ts";
import type { Banks, Rebase } from "./banks.ts";

/** Counters that no part keeps by itself, and that go on over restarts. */
export interface Counters {
  /** Wall clock from which on the ledger counts, ms. */
  readonly since: number;
  /** When and why the ledger was set anew. */
  readonly rebased: Rebase[];
  /** Blocks that this process has sent again. */
  ownResent: () => number;
  /** What the broker has dropped, as this process has heard of it, and the broker's figure of it. */
  ownDropped: () => Pick<IntakeStatus, "brokerDropped" | "brokerFigure">;
  /** All of it as it goes into the checkpoint, with what earlier processes counted. */
  snapshot(): Pick<Banks, "since" | "rebased" | "resent" | "brokerDropped" | "brokerFigure">;
}

/** The counters as a checkpoint left them, or new ones. */
export function makeCounters(banks: Banks | undefined, wall: number): Counters {
  const counters: Counters = {
    since: banks?.since ?? wall,
    rebased: [...banks?.rebased ?? []],
    ownResent: () => 0,
    ownDropped: () => ({}),
    snapshot(): ReturnType<Counters["snapshot"]> {
      const { brokerDropped = 0, brokerFigure = banks?.brokerFigure } = counters.ownDropped();
      return {
        since: counters.since,
        rebased: counters.rebased,
        resent: (banks?.resent ?? 0) + counters.ownResent(),
        brokerDropped: (banks?.brokerDropped ?? 0) + brokerDropped,
        ...(brokerFigure === undefined ? {} : { brokerFigure }),
      };
    },
  };
  return counters;
}
