import type { Refusal } from "../../model/mod.ts";
import type { QuarantineEntry } from "../schemas/quarantine.ts";
import type { QuarantineGroups, QuarantineReplay } from "../schemas/quarantine_actions.ts";
import type { Unavailable } from "./unavailable.ts";

/** What was refused, as the journal has it. */
export interface Refused
  extends Omit<QuarantineEntry, "id" | "reason" | "explanation" | "field" | "payload_bytes"> {
  /** Its position in the quarantine. */
  readonly position: number;
  /** Why. */
  readonly refusal: Refusal;
  /** Size of the whole payload, also where only its beginning was kept. */
  readonly payload_bytes: number;
  /** The payload, or its beginning; a point's is its line. */
  readonly payload: Uint8Array;
}

/** Which refusals are wanted. */
export interface QuarantineQuery {
  /** At most so many. */
  readonly limit: number;
  /** Only those at lower positions; `null`: from the newest on. */
  readonly before: number | null;
  /** Only for this reason; `null`: for any. */
  readonly reason: Refusal["reason"] | null;
  /** Only of this device; `null`: of any. */
  readonly device: string | null;
}

/** Which entries something is to be done with: of `ids` alone, or of all that the rest names. */
export interface QuarantineChoice {
  /** These; `null`: those that the rest names. */
  readonly ids: readonly number[] | null;
  /** Only for this reason; `null`: for any. */
  readonly reason: Refusal["reason"] | null;
  /** Only of this device; `null`: of any. */
  readonly device: string | null;
}

/** Which entries are to be tried again, and how. */
export interface ReplayWish extends QuarantineChoice {
  /** Only those at higher positions; `null`: from the oldest on. */
  readonly after: number | null;
  /** Only tell what would become of them. */
  readonly dryRun: boolean;
  /** Who asks. */
  readonly by: string;
}

/** What was refused and is kept. Reads the disk, hence the promises. */
export interface QuarantineView {
  /**
   * Newest first.
   *
   * @returns the entries and, where there may be more, the position to go on before
   */
  entries(query: QuarantineQuery): Promise<{
    /** Newest first. */
    readonly items: readonly Refused[];
    /** What to pass as `before`; `null` at the end. */
    readonly next: number | null;
  }>;
  /** The entry at a position; `undefined` where there is none (any more). */
  entry(position: number): Promise<Refused | undefined>;
  /** What is there, by reason, device and field; what was tried again and went through is left out. */
  groups(): Promise<QuarantineGroups>;
  /** Tries entries again, oldest first; what goes through is never taken twice. */
  replay(wish: ReplayWish): Promise<QuarantineReplay | Unavailable>;
  /** Erases entries. */
  erase(
    choice: QuarantineChoice,
  ): Promise<{ readonly kind: "erased"; readonly deleted: number; readonly complete: boolean } | Unavailable>;
}
