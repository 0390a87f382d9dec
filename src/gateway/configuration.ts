import {
  type ConfigDifference,
  type ConfigProblem,
  differences,
  type ProfileExample,
  renderProblem,
  type Settings,
  textRefusal,
} from "../config/mod.ts";
import { failingExamples } from "../explain/mod.ts";
import type { AuditNote } from "../model/mod.ts";

/** A configuration that was read, or everything that is wrong with it. */
export type ReadConfig =
  | (Settings & {
    /** What its profiles say of a few messages. */
    readonly examples: readonly ProfileExample[];
    /** What deserves a look but stops nothing. */
    readonly warnings: readonly ConfigProblem[];
  })
  | { readonly problems: readonly ConfigProblem[] };

/** Where the configuration comes from. */
export interface ConfigSource {
  /**
   * Reads it anew, with its profiles and secrets. Never throws for a wrong one.
   *
   * @param text in the place of the file's own
   */
  read(text?: string): Promise<ReadConfig>;
}

/** Who wants another configuration, as the audit names them. */
export type Asker = Pick<AuditNote, "actor" | "role" | "address" | "request_id">;

/** The gateway itself, asked by a signal. */
export const BY_SIGNAL: Asker = { actor: "gateway", role: null, address: null, request_id: null };

/** What became of a reload. */
export type Reloaded =
  | {
    readonly kind: "reloaded";
    /** What is different now, and what will be after a restart. */
    readonly differences: readonly ConfigDifference[];
    readonly warnings: readonly ConfigProblem[];
  }
  /** The one in force stays. */
  | { readonly kind: "refused"; readonly problems: readonly ConfigProblem[] }
  | { readonly kind: "unavailable"; readonly detail: string };

/** What another configuration would be. */
export type Validated =
  | {
    readonly kind: "valid";
    readonly differences: readonly ConfigDifference[];
    readonly warnings: readonly ConfigProblem[];
  }
  | { readonly kind: "invalid"; readonly problems: readonly ConfigProblem[] };

/** Stands for a value that whoever sent the text knows, as far as they may. */
const AS_SENT = "[as in the text]";

/** What a configuration rules. */
export interface Governed {
  /** The one in force. */
  readonly now: () => Settings;
  /** Where others come from; `undefined`: there are none. */
  readonly source: ConfigSource | undefined;
  /** Only what runs can be given another: before it, what it begins with is still being taken in. */
  readonly running: () => boolean;
  /** Puts another in force. */
  readonly apply: (to: Settings, found: readonly ConfigDifference[]) => Promise<void>;
  /** Takes the event `configuration_refused`. */
  readonly onRefused: (facts: { readonly problems: number; readonly first: string }) => void;
  /** Takes what the audit is to know. */
  readonly audit: (note: AuditNote) => void;
}

/**
 * The configuration in force, and the one way to another: for SIGHUP, for the API, and for whatever writes one. One
 * reload at a time, in the order in which they were asked for; each reads the file when its turn comes.
 */
export class Configuration {
  readonly #governed: Governed;
  #last: Promise<unknown> = Promise.resolve();

  /** Rules what is handed to it; reads nothing before it is asked. */
  constructor(governed: Governed) {
    this.#governed = governed;
  }

  /**
   * Judges the file on disk, or a text in its place, runs the examples of its profiles as `check` does, and says what
   * it would change. Changes nothing. Of a text that names variables of the environment no value is told: what is in
   * them may be a secret, and whoever wrote the text could have put them where no secret is expected.
   *
   * @returns `undefined` where this gateway was started without a source
   */
  async validate(text?: string): Promise<Validated | undefined> {
    const { source, now } = this.#governed;
    const read = await source?.read(text);
    if (read === undefined) return undefined;
    if ("problems" in read) return { kind: "invalid", problems: read.problems };
    const failing = failingExamples(read.rules, read.examples);
    if (failing.length > 0) return { kind: "invalid", problems: failing };
    const found = differences(now(), read);
    const closed = text !== undefined && textRefusal(text) !== undefined;
    return {
      kind: "valid",
      differences: closed ? found.map(asSent) : found,
      warnings: read.warnings,
    };
  }

  /** Reads the file and puts it in force; a wrong one changes nothing. */
  reload(by: Asker): Promise<Reloaded> {
    const turn = this.#last.then(() => this.#reload(by));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #reload(by: Asker): Promise<Reloaded> {
    const { source, now, running, apply, onRefused } = this.#governed;
    if (!running()) return unavailable("The gateway is starting or on its way out");
    const read = await source?.read();
    if (read === undefined) return unavailable("This gateway has no file to read its configuration from");
    const { file } = now().config;
    if ("problems" in read) {
      const [one] = read.problems;
      const facts = { problems: read.problems.length, first: one === undefined ? "" : renderProblem(one) };
      onRefused(facts);
      this.#audit("config_refused", by, { file, ...facts });
      return { kind: "refused", problems: read.problems };
    }
    const found = differences(now(), read);
    await apply(read, found);
    const restart = found.filter(({ effect }) => effect === "restart").length;
    this.#audit("config_reloaded", by, { file, differences: found.length, restart_needed: restart });
    return { kind: "reloaded", differences: found, warnings: read.warnings };
  }

  #audit(action: AuditNote["action"], by: Asker, detail: AuditNote["detail"]): void {
    this.#governed.audit({ action, ...by, target: null, detail });
  }
}

function asSent(difference: ConfigDifference): ConfigDifference {
  return difference.after === null ? difference : { ...difference, after: AS_SENT };
}

function unavailable(detail: string): Reloaded {
  return { kind: "unavailable", detail };
}
