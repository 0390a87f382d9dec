import { type Learned, Learner } from "../../learn/mod.ts";
import { matchTopic, type Message, parseTemplate, type Rules, type TopicTemplate } from "../../model/mod.ts";
import type { Core } from "../core.ts";
import type { Parts } from "../parts.ts";

/** Topics of the gateway's own, beside those of its notifiers. */
const OWN = /^sluice\//;

/** What the learning sees of the gateway. */
export interface LearningParts {
  readonly rules: Rules;
  readonly config: Pick<Parts["config"], "notifiers">;
  readonly live: Pick<Parts["live"], "tell">;
  readonly telemetry: { readonly observer: Pick<Parts["telemetry"]["observer"], "event"> };
}

/** What no subscription takes, looked at on the bank of the river. In memory alone: a restart begins anew. */
export class Learning {
  readonly #parts: () => LearningParts;
  readonly #learner: Learner;
  #of: Rules | undefined;
  #subscribed: readonly TopicTemplate[] = [];
  #notified: readonly TopicTemplate[] = [];
  #failed = false;

  /**
   * Begins to look.
   *
   * @param core lets it see the messages
   * @param parts the rules in force, and whom to tell
   */
  constructor(core: Pick<Core, "onUnknown">, rules: Rules, parts: () => LearningParts) {
    this.#parts = parts;
    this.#learner = new Learner({ limits: rules.limits, onProposed: (id) => this.#tell(id) });
    core.onUnknown = (message, receivedAt) => this.#see(message, receivedAt);
  }

  /** What is known, with proposals that collide neither with one another nor with what is in force. */
  learned(): Learned[] {
    this.#look();
    const { profiles } = this.#parts().rules;
    const taken = Object.values(profiles).flatMap(({ name, measurement }) => [name, measurement]);
    return this.#learner.learned(new Set(taken));
  }

  /** Nobody wants to know of a kind any more, until the next start. @returns whether there was one */
  dismiss(id: string): boolean {
    const dismissed = this.#learner.dismiss(id);
    if (dismissed) this.#tell(id);
    return dismissed;
  }

  #see(message: Message, receivedAt: number): void {
    try {
      this.#look();
      const { topic } = message;
      const learns = this.#of?.learn !== undefined;
      if (!learns || OWN.test(topic) || matchesOne(this.#notified, topic)) return;
      this.#learner.see({ ...message, receivedAt });
    } catch (error) {
      // Only a look from the bank: whatever goes wrong here must not stop the river.
      if (this.#failed) return;
      this.#failed = true;
      const words = error instanceof Error ? error.message : String(error);
      this.#parts().telemetry.observer.event("learning_failed", "warning", { words });
    }
  }

  /** Other rules are in force: what they take is forgotten. */
  #look(): void {
    const { rules, config } = this.#parts();
    if (this.#of === rules) return;
    this.#of = rules;
    this.#subscribed = templates(rules.subscriptions.map(({ topic }) => topic));
    this.#notified = templates(
      Object.values(config.notifiers).flatMap((notifier) => notifier.kind === "mqtt" ? [notifier.topic] : []),
    );
    if (rules.learn === undefined) this.#learner.prune(() => true);
    else this.#learner.prune((topic) => matchesOne(this.#subscribed, topic));
  }

  #tell(id: string): void {
    this.#parts().live.tell({ kind: "learned", data: { id } });
  }
}

function templates(texts: readonly string[]): TopicTemplate[] {
  return texts.flatMap((text) => {
    const template = parseTemplate(text);
    return "reason" in template ? [] : [template];
  });
}

function matchesOne(all: readonly TopicTemplate[], topic: string): boolean {
  return all.some((template) => matchTopic(template, topic) !== undefined);
}
