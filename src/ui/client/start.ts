/// <reference lib="dom" />
import type { Alert, DeviceTold, ReadingTold, Status, Viewer } from "../../api/mod.ts";

/** What the server made the page from. */
export interface PageStart {
  readonly status: Status | null;
  readonly viewer: Viewer | null;
  /** The page's own data, as its `load` returned it. */
  readonly page: unknown;
}

/** What a page wants to hear of. */
export interface Heard {
  /** Every second. */
  status?(status: Status): void;
  alert?(alert: Alert): void;
  device?(device: DeviceTold): void;
  reading?(reading: ReadingTold): void;
  config?(change: { readonly since: string }): void;
  learned?(change: { readonly id: string }): void;
}

/** A page at work in the browser. */
export interface LivePage extends Heard {
  /** Topics of `/api/v1/events` beside `status`. */
  readonly topics: readonly ("alerts" | "devices" | "readings" | "config" | "learned")[];
  /** Readings of this device alone. */
  readonly only?: string;
  /** Asks the API for all that the page shows anew; called after a gap, and every `every` ms. */
  refresh?(): Promise<void>;
  /** How often, ms; never by the clock without. */
  readonly every?: number;
}

/** Starts what belongs to a page. Called once, when the document is there. */
export type StartPage = (start: PageStart) => LivePage;

/** Reads what the server put into the page. */
export function pageStart(): PageStart {
  const text = document.getElementById("page-data")?.textContent ?? "null";
  return JSON.parse(text) ?? { status: null, viewer: null, page: null };
}
