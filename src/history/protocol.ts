/**
 * What the gateway and the worker say to each other. What arrives goes in in order, so a question is answered with
 * every batch before it.
 * @module
 */
import type { Buckets } from "./read.ts";
import type { Reach, Resolution } from "./resolutions.ts";
import type { SeriesFacts } from "./series_facts.ts";
import type { Space } from "./space.ts";
import type { Batch } from "./store.ts";

/** Which buckets are wanted. Times in seconds. */
export interface Stretch {
  /** Series by their keys. */
  readonly keys: readonly string[];
  /** Beginning, included. */
  readonly from: number;
  /** End, not included. */
  readonly to: number;
  /** The resolution, or the most buckets of a series: then the finest that fits is taken. */
  readonly by: { readonly resolution: Resolution } | { readonly most: number };
}

/** Something that is answered. */
export type Question =
  | { readonly kind: "read"; readonly stretch: Stretch }
  | { readonly kind: "series" }
  /** The finest resolution that shows a stretch in so many buckets. Times in seconds. */
  | { readonly kind: "pick"; readonly from: number; readonly to: number; readonly most: number }
  /** Another limit of its space, bytes; holds until the next one. */
  | { readonly kind: "limit"; readonly bytes: number; readonly wall: number };

/** The answer of each question. */
export interface Answers {
  /** What was found. */
  readonly read: Buckets;
  /** The resolution, and what there is in it. */
  readonly pick: Reach;
  /** All series. */
  readonly series: readonly SeriesFacts[];
  /** Bytes of its files afterwards. */
  readonly limit: number;
}

/** To the worker. */
export type ToWorker =
  /** Opens the files; told once, and after each failure. */
  | { readonly kind: "open"; readonly folder: string; readonly space: Space; readonly wall: number }
  /** `wall`: the clock, ms. Answered by `stored`. */
  | { readonly kind: "batch"; readonly batch: Batch; readonly wall: number }
  | { readonly kind: "question"; readonly id: number; readonly question: Question }
  /** Commits and closes. */
  | { readonly kind: "close"; readonly wall: number };

/** From the worker. */
export type FromWorker =
  /** `setAside`: what was there was damaged, or of another version; it lies beside it, and there is a new one. */
  | {
    readonly kind: "opened";
    readonly position: number;
    readonly bytes: number;
    readonly setAside: string | null;
  }
  | { readonly kind: "stored"; readonly bytes: number }
  /** Nothing is taken in until it is opened again. */
  | { readonly kind: "failed"; readonly words: string }
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answers[Question["kind"]] }
  | { readonly kind: "refused"; readonly id: number; readonly words: string }
  | { readonly kind: "closed" };
