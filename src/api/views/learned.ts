import type { Actor } from "../auth/actor.ts";
import type { ConfigFault } from "../schemas/config.ts";
import type { HowTo, LearnedKind } from "../schemas/learned.ts";
import type { Page, PageQuery } from "../schemas/page.ts";
import type { Unavailable } from "./unavailable.ts";

/** A profile and subscriptions that are wanted; `null`: those that are proposed. */
export interface LearnedWish {
  /** YAML of the profile. */
  readonly profileYaml: string | null;
  /** YAML of the subscriptions. */
  readonly subscriptionYaml: string | null;
}

/** What became of an acceptance. */
export type AcceptOutcome =
  | {
    readonly kind: "accepted";
    /** Name of the profile. */
    readonly profile: string;
    /** Topics of the subscriptions. */
    readonly topics: readonly string[];
    /** The files that were written. */
    readonly files: readonly string[];
  }
  /** Nothing was written. */
  | { readonly kind: "refused"; readonly problems: readonly ConfigFault[] }
  /** No kind has this id, or it was dismissed. */
  | { readonly kind: "unknown" }
  /** Nothing is proposed for it yet, and nothing was given. */
  | { readonly kind: "not_proposed" }
  /** The gateway may not write its configuration. */
  | { readonly kind: "not_writable"; readonly detail: string }
  | Unavailable;

/** What no subscription takes, as it is understood so far. */
export interface LearnedView {
  /** In the order in which they were met; the cursor is the id. */
  learned(query: PageQuery): Page<LearnedKind>;
  /** How a device is pointed at the gateway. */
  howTo(): HowTo;
  /** Writes a profile and subscriptions to the configuration, and puts them in force; the audit tells of the reload. */
  accept(id: string, wish: LearnedWish, by: Actor): Promise<AcceptOutcome>;
  /** Shows a kind no more, until the next start. @returns the topic; `undefined` where no kind has this id */
  dismiss(id: string): string | undefined;
}
