import type { Banks, Rebase } from "./banks.ts";

/** Counters that no part keeps by itself, and that go on over restarts. */
export interface Counters {
  /** Wall clock from which on the ledger counts, ms. */
  readonly since: number;
  /** When and why the ledger was set anew. */
  readonly rebased: Rebase[];
  /** Blocks that this process has sent again. */
  ownResent: () => number;
  /** Messages that the broker has dropped in this process' time. */
  ownBrokerDropped: () => number;
  /** All of it as it goes into the checkpoint, with what earlier processes counted. */
  snapshot(): Pick<Banks, "since" | "rebased" | "resent" | "brokerDropped">;
}

/** The counters as a checkpoint left them, or new ones. */
export function makeCounters(banks: Banks | undefined, wall: number): Counters {
  const counters: Counters = {
    since: banks?.since ?? wall,
    rebased: [...banks?.rebased ?? []],
    ownResent: () => 0,
    ownBrokerDropped: () => 0,
    snapshot: () => ({
      since: counters.since,
      rebased: counters.rebased,
      resent: (banks?.resent ?? 0) + counters.ownResent(),
      brokerDropped: (banks?.brokerDropped ?? 0) + counters.ownBrokerDropped(),
    }),
  };
  return counters;
}
