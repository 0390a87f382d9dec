import type { Alert } from "../schemas/alerts.ts";
import type { ConfigTold, DeviceTold, LearnedTold, ReadingTold } from "../schemas/live.ts";

/** Something that happened, as those who look on are told of it. */
export type LiveEvent =
  | { readonly kind: "alert"; readonly data: Alert }
  | { readonly kind: "device"; readonly data: DeviceTold }
  | { readonly kind: "config"; readonly data: ConfigTold }
  | { readonly kind: "learned"; readonly data: LearnedTold }
  /** So much happened at once that it is not told one by one: whoever shows it asks anew. */
  | { readonly kind: "reset" };

/** Follows the readings of one device, or of all. */
export interface ReadingWatch {
  /** The newest reading of each series that has one newer than at the last call; at most 200, the rest next time. */
  next(): readonly ReadingTold[];
}

/** What happens, as it happens. */
export interface LiveView {
  /** Wall clock at the start of the process, ms: numbers of events begin with it, so that a later process goes on. */
  readonly began: number;
  /**
   * Calls `listener` with whatever happens from now on. Called on the gateway's time: it must be quick, and not throw.
   *
   * @returns ends it
   */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  /**
   * Follows readings from now on. It costs something only when it is asked.
   *
   * @param device only this one's; `null`: everyone's
   */
  watch(device: string | null): ReadingWatch;
}
