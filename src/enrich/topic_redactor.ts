import type { Redaction, TopicTemplate } from "../model/mod.ts";
import type { Hasher } from "./keyring.ts";
import { redactTag } from "./redact_value.ts";

/** What stands in a topic where a level was dropped. */
const DROPPED = "[dropped]";

/** A topic without what is personal in it. */
export interface RedactedTopic {
  /** The topic as it may be seen, level by level as before. */
  readonly topic: string;
  /** The named levels that remain, in the template's order. */
  readonly named: readonly (readonly [string, string])[];
}

/** Takes what is personal out of the topics of one subscription. */
export class TopicRedactor {
  readonly #template: TopicTemplate;
  readonly #redactions: Readonly<Record<string, Redaction>>;
  readonly #hasher: Hasher;

  /**
   * Redacts as a subscription says.
   *
   * @param redactions by name of the level
   */
  constructor(template: TopicTemplate, redactions: Readonly<Record<string, Redaction>>, hasher: Hasher) {
    this.#template = template;
    this.#redactions = redactions;
    this.#hasher = hasher;
  }

  /**
   * Redacts a topic that matches the template.
   *
   * @throws {MissingKey} where a hash is asked for and its key is not there
   */
  redact(topic: string): RedactedTopic {
    const parts = topic.split("/");
    const named: (readonly [string, string])[] = [];
    for (const [index, level] of this.#template.levels.entries()) {
      const plain = parts[index];
      if (level.kind !== "named" || plain === undefined) continue;
      const redaction = Object.hasOwn(this.#redactions, level.name)
        ? this.#redactions[level.name]
        : undefined;
      const value = redaction === undefined ? plain : redactTag(redaction, plain, this.#hasher);
      parts[index] = value ?? DROPPED;
      if (value !== undefined) named.push([level.name, value]);
    }
    return { topic: parts.join("/"), named };
  }
}
