import { type Decoder, decoderFor } from "../decode/mod.ts";
import { type Tagger, tagger, type Tagging } from "../enrich/mod.ts";
import {
  parseTemplate,
  type Profile,
  type Refusal,
  type Rules,
  type SubscriptionRule,
  type Tags,
} from "../model/mod.ts";
import { type Checker, compileProfile, type KeptFields } from "../validate/mod.ts";
import { topicHash } from "./message_hash.ts";
import type { Stream } from "./state.ts";

/** Everything that the topic alone decides about a message. */
export interface Route {
  /** The topic. */
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
  /** The stream that it leads to; looked up at the first message. */
  stream: Stream | undefined;
}

interface Way {
  readonly subscription: SubscriptionRule;
  readonly profile: Profile;
  readonly decoder: Decoder;
  readonly checker: Checker;
  readonly tagger: Tagger;
}

/** Topics whose route is remembered; beyond it the memory starts anew, so that made-up topics cannot fill it. */
const MEMORY = 200_000;

/** Topic → route under one set of rules; the first subscription that matches wins. */
export class Routes {
  readonly #ways: readonly Way[];
  readonly #known = new Map<string, Route>();

  /**
   * Compiles the rules.
   *
   * @param rules rules that the configuration has checked
   * @param kept for each profile the fields that it has kept without naming them
   */
  constructor(rules: Rules, kept: Map<string, KeptFields>) {
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
        profile,
        checker,
        decoder: decoderFor(subscription.format),
        tagger: tagger(subscription, template),
      };
    });
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
    const { subscription, profile, decoder, checker } = way;
    const route: Route = {
      topic,
      topicHash: topicHash(topic),
      subscription,
      profile,
      decoder,
      checker,
      device: tagging.ok ? tagging.device : null,
      tags: tagging.ok ? tagging.tags : [],
      field: tagging.ok ? tagging.field : undefined,
      refusal: tagging.ok ? undefined : tagging.refusal,
      stream: undefined,
    };
    if (this.#known.size >= MEMORY) this.#known.clear();
    this.#known.set(topic, route);
    return route;
  }
}
