import type { Actor } from "../auth/actor.ts";
import type { ConfigAnswer, ConfigChange, ConfigFault, ConfigValidation } from "../schemas/config.ts";
import type { Unavailable } from "./unavailable.ts";

/** What became of a reload. */
export type ConfigReload =
  | {
    readonly kind: "reloaded";
    /** What is different now, and what will be after a restart. */
    readonly differences: readonly ConfigChange[];
  }
  /** The file is wrong: the configuration in force stays. */
  | { readonly kind: "refused"; readonly problems: readonly ConfigFault[] }
  | Unavailable;

/** The configuration in force, and the way to another. */
export interface ConfigView {
  /** Without secrets: the view redacts, the API only passes on. */
  config(): ConfigAnswer;
  /**
   * Judges the file on disk, or a text in its place, and says what it would change. Changes nothing.
   *
   * @param text `null`: the file on disk
   */
  validate(text: string | null): Promise<ConfigValidation | Unavailable>;
  /** Reads the file and puts it in force; one at a time, and the audit tells of it. */
  reload(actor: Actor): Promise<ConfigReload>;
}
