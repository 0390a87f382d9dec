import type { Clock } from "../clock.ts";
import type { Space } from "./space.ts";
import type { StartWorker } from "./worker_link.ts";

/** What people are told. */
export type HistoryEvent =
  | { readonly kind: "failed"; readonly words: string }
  | { readonly kind: "recovered" }
  | { readonly kind: "set_aside"; readonly words: string }
  | { readonly kind: "dropped"; readonly buckets: number };

/** What the history is made with. */
export interface HistoryOptions {
  /** Where its files are. */
  readonly folder: string;
  /** What it may hold. */
  readonly space: Space;
  /** Starts the worker. */
  readonly startWorker: StartWorker;
  /** Time. */
  readonly clock: Clock;
  /** Newest record of the inbox at the start: all that can be taken in again. */
  readonly newestRecord: number;
  /** Is told what people are told. */
  readonly onEvent: (event: HistoryEvent) => void;
}

/** Whether it works. */
export type HistoryState = "opening" | "open" | "failed" | "closed";
