import { type DecodeMemory, type Decoder, decoderFor, newDecodeMemory } from "../decode/mod.ts";
import {
  Keyring,
  type Redactor,
  redactorFor,
  type Tagger,
  tagger,
  type Tagging,
  TopicRedactor,
} from "../enrich/mod.ts";
import {
  matchTopic,
  parseTemplate,
  type Profile,
  type Refusal,
  type Rules,
  type SubscriptionRule,
  type Tags,
  type TopicTemplate,
} from "../model/mod.ts";
import { type Checker, compileProfile, type KeptFields } from "../validate/mod.ts";
import { topicHash } from "./message_hash.ts";
import { type Sampler, samplerOf } from "./sampler.ts";
import type { Stream } from "./state.ts";

/** Everything that the topic alone decides about a message. */
export interface Route {
  /** The topic as it may be seen: redacted levels replaced. */
  readonly topic: string;
  /** Its part of the hash of each message. */
  readonly topicHash: number;
  /** The first subscription that matches it. */
  readonly subscription: SubscriptionRule;
  /** The profile of that subscription. */
  readonly profile: Profile;
  /** Reads payloads in the format of that subscription. */
  readonly decoder: Decoder;
  /** Holds decoded values against the profile. */
  readonly checker: Checker;
  /** The device id; `null` where the topic was refused. */
  readonly device: string | null;
  /** Tags of its points, sorted by name; empty where the topic was refused. */
  readonly tags: Tags;
  /** The field that a `{field}` level names. */
  readonly field: string | undefined;
  /** Why messages on this topic cannot be taken. */
  readonly refusal: Refusal | undefined;
  /** Takes what is personal out of its messages; `undefined`: nothing is. */
  readonly redactor: Redactor | undefined;
  /** Which of its messages are left out; `undefined`: none. */
  readonly sampler: Sampler | undefined;
  /** The stream that it leads to; looked up at the first message. */
  stream: Stream | undefined;
  /** The streams that the tags of its payloads lead to, where there are any. */
  tagged: Map<string, Stream> | undefined;
}

interface Way {
  readonly subscription: SubscriptionRule;
  readonly template: TopicTemplate;
  readonly profile: Profile;
  readonly decoder: Decoder;
  readonly checker: Checker;
  readonly tagger: Tagger;
  readonly redactor: Redactor | undefined;
  readonly sampler: Sampler | undefined;
}

/** Topics whose route is remembered; beyond it the memory starts anew, so that made-up topics cannot fill it. */
const MEMORY = 200_000;
/** Their characters together: a topic may have 65,535 bytes, so that fewer of them can fill it too. */
const CHARACTERS = 16 * 1024 * 1024;

/** Topic → route under one set of rules; the first subscription that matches wins. */
export class Routes {
  readonly #ways: readonly Way[];
  readonly #known = new Map<string, Route>();
  #characters = 0;

  /**
   * Compiles the rules.
   *
   * @param rules rules that the configuration has checked
   * @param kept for each profile the fields that it has kept without naming them
   * @param keyring the keys of hashes that the rules ask for
   * @param memory what formats with a memory remember
   */
  constructor(
    rules: Rules,
    kept: Map<string, KeptFields>,
    keyring: Keyring = new Keyring(),
    memory: DecodeMemory = newDecodeMemory(),
  ) {
    const hasher = keyring.hasher(rules.privacy);
    const checkers = new Map<string, Checker>();
    for (const [name, profile] of Object.entries(rules.profiles)) {
      const fields: KeptFields = kept.get(name) ?? new Map();
      kept.set(name, fields);
      checkers.set(name, compileProfile(profile, fields));
    }
    this.#ways = rules.subscriptions.map((subscription) => {
      const template = parseTemplate(subscription.topic);
      const profile = rules.profiles[subscription.profile];
      const checker = checkers.get(subscription.profile);
      if ("reason" in template || profile === undefined || checker === undefined) {
        throw new RangeError(`The subscription "${subscription.topic}" cannot be used`);
      }
      return {
        subscription,
        template,
        profile,
        checker,
        decoder: decoderFor(subscription.format, memory, subscription.compression),
        tagger: tagger(
          subscription,
          template,
          subscription.redact === undefined
            ? undefined
            : new TopicRedactor(template, subscription.redact, hasher),
        ),
        redactor: redactorFor(subscription, profile, rules.privacy, hasher),
        sampler: profile.sample === undefined ? undefined : samplerOf(profile.sample),
      };
    });
  }

  /** Name of the profile of a topic, whether redacted or not; `undefined` where no subscription matches. */
  profileOf(topic: string): string | undefined {
    return this.#ways.find(({ template }) => matchTopic(template, topic) !== undefined)?.profile.name;
  }

  /** The route of a topic; `undefined` where no subscription matches. */
  routeOf(topic: string): Route | undefined {
    const known = this.#known.get(topic);
    if (known !== undefined) return known;
    for (const way of this.#ways) {
      const tagging = way.tagger(topic);
      if (tagging === undefined) continue;
      return this.#remember(topic, way, tagging);
    }
    return undefined;
  }

  #remember(topic: string, way: Way, tagging: Tagging): Route {
    const { subscription, profile, decoder, checker, redactor, sampler } = way;
    const route: Route = {
      topic: tagging.topic,
      topicHash: topicHash(topic),
      subscription,
      profile,
      decoder,
      checker,
      device: tagging.ok ? tagging.device : null,
      tags: tagging.ok ? tagging.tags : [],
      field: tagging.ok ? tagging.field : undefined,
      refusal: tagging.ok ? undefined : tagging.refusal,
      redactor,
      sampler,
      stream: undefined,
      tagged: undefined,
    };
    if (this.#known.size >= MEMORY || this.#characters > CHARACTERS) {
      this.#known.clear();
      this.#characters = 0;
    }
    this.#known.set(topic, route);
    this.#characters += topic.length;
    return route;
  }
}
