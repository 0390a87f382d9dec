import { matchTopic, parseTemplate, type TopicTemplate } from "../model/mod.ts";

/** Topics whose answer is remembered; a device that invents topics only empties the memory. */
const REMEMBERED = 50_000;
/** Their characters together: a topic may have 65,535 bytes. */
const CHARACTERS = 4 * 1024 * 1024;

/** Tells whether a topic belongs to any filter, remembering the answer: devices repeat their topics. */
export class TopicMatcher {
  readonly #templates: readonly TopicTemplate[];
  readonly #known = new Map<string, boolean>();
  #characters = 0;

  /** @throws TypeError where a filter is none; a configuration that was checked does not get here */
  constructor(filters: readonly string[]) {
    this.#templates = filters.map((filter) => {
      const template = parseTemplate(filter);
      if ("reason" in template) {
        throw new TypeError(`The filter "${filter}" is no MQTT filter: ${template.reason}`);
      }
      return template;
    });
  }

  /** Does any filter match? */
  matches(topic: string): boolean {
    const known = this.#known.get(topic);
    if (known !== undefined) return known;
    const found = this.#templates.some((template) => matchTopic(template, topic) !== undefined);
    if (this.#known.size >= REMEMBERED || this.#characters > CHARACTERS) {
      this.#known.clear();
      this.#characters = 0;
    }
    this.#known.set(topic, found);
    this.#characters += topic.length;
    return found;
  }
}
