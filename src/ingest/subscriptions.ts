import type { SubscribeAnswer } from "./connection.ts";
import { overlapping, withoutCovered } from "./filters.ts";
import type { IntakeEvent, RefusedFilter } from "./intake.ts";

/** The connection that carries the requests. */
export interface Subscriber {
  /** The broker gives back the identifier of a subscription with each of its messages (MQTT 5.0 §3.2.2.3.12). */
  readonly identifiers: boolean;
  /** Sends SUBSCRIBE; the codes, or `undefined` where the connection broke. */
  subscribe(filters: readonly string[], qos: 0 | 1, identifier?: number): Promise<SubscribeAnswer>;
  /** Sends UNSUBSCRIBE; `true` when the broker has answered. */
  unsubscribe(filters: readonly string[]): Promise<boolean>;
}

/**
 * What the session listens to at the broker, and what it should listen to.
 *
 * The broker keeps subscriptions as part of the session. So after a fresh CONNACK everything is subscribed
 * again; after a resumed one only what this process has not seen granted, and filters of an earlier
 * configuration are taken back. A filter that another one covers is left out, unless the broker refuses that one.
 */
export class Subscriptions {
  /** Every filter, also those that another one covers. */
  #all: readonly string[];
  /** Those of them that are subscribed to. */
  #wanted: readonly string[];
  readonly #granted = new Set<string>();
  readonly #refused = new Map<string, number>();
  /** Subscribed in the session, as far as is known, and no longer wanted. */
  readonly #stale: Set<string>;
  /** Granted with an identifier. */
  readonly #identified = new Set<string>();
  #identifier = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(
    filters: readonly string[],
    former: readonly string[],
    readonly onEvent: (event: IntakeEvent) => void,
  ) {
    this.#all = filters;
    this.#wanted = withoutCovered(filters);
    this.#stale = new Set(former.filter((filter) => !this.#wanted.includes(filter)));
  }

  /** Messages can arrive: a wanted filter is granted. */
  get any(): boolean {
    return this.#granted.size > 0;
  }

  /** Wanted filters that the broker has not answered in this session. */
  get pending(): readonly string[] {
    return this.#wanted.filter((filter) => !this.#granted.has(filter) && !this.#refused.has(filter));
  }

  /** Wanted filters that the broker does not grant. */
  get refused(): readonly RefusedFilter[] {
    return [...this.#refused].map(([filter, code]) => ({ filter, code }));
  }

  /** Begins a connection: without its session the broker knows nothing. */
  opened(resumed: boolean): void {
    this.#refused.clear();
    this.#choose();
    if (resumed) return;
    this.#granted.clear();
    this.#identified.clear();
    this.#stale.clear();
  }

  /** Changes what is wanted; `settle` makes it so. */
  want(filters: readonly string[]): void {
    this.#all = filters;
    for (const filter of this.#refused.keys()) if (!filters.includes(filter)) this.#refused.delete(filter);
    this.#choose();
  }

  /** What is covered by another one is left out, but not where that one is refused. */
  #choose(): void {
    const open = this.#all.filter((filter) => !this.#refused.has(filter));
    const wanted = [...new Set([...withoutCovered(this.#all), ...withoutCovered(open)])];
    for (const filter of this.#wanted) if (!wanted.includes(filter)) this.#stale.add(filter);
    for (const filter of wanted) this.#stale.delete(filter);
    this.#wanted = wanted;
  }

  /**
   * Tells the broker what is missing: first what is new, then what is to go. Calls follow one another.
   *
   * @returns when the broker has answered or the connection is gone
   */
  settle(connection: Subscriber): Promise<void> {
    this.#running = this.#running.then(() => this.#settle(connection));
    return this.#running;
  }

  async #settle(connection: Subscriber): Promise<void> {
    let before: readonly string[];
    do {
      before = this.#wanted;
      if (!await this.#subscribe(connection)) return;
      this.#choose();
      // A refusal may have brought in what the refused one covered.
    } while (this.#wanted.some((filter) => !before.includes(filter)));
    const stale = [...this.#stale];
    if (stale.length === 0) return;
    // Before the answer: if the connection breaks now, nobody knows, and a filter wanted again is subscribed.
    for (const filter of stale) {
      this.#granted.delete(filter);
      this.#identified.delete(filter);
    }
    if (!await connection.unsubscribe(stale)) return;
    for (const filter of stale) this.#stale.delete(filter);
    this.onEvent({ kind: "unsubscribed", filters: stale });
  }

  /** Filters that overlap get an identifier each, so that copies of one message can be told from messages. */
  async #subscribe(connection: Subscriber): Promise<boolean> {
    const several = connection.identifiers ? overlapping(this.#wanted) : new Set<string>();
    const alone = this.#wanted.filter((filter) => !several.has(filter) && !this.#granted.has(filter));
    const requests = this.#wanted.filter((filter) =>
      several.has(filter) && !(this.#granted.has(filter) && this.#identified.has(filter))
    ).map((filter) => [filter]);
    if (alone.length > 0) requests.unshift(alone);
    for (const filters of requests) {
      const identifier = filters === alone ? undefined : ++this.#identifier;
      const codes = await connection.subscribe(filters, 1, identifier);
      if (codes === undefined) return false;
      if (identifier !== undefined) { for (const filter of filters) this.#identified.add(filter); }
      this.#answered(filters, codes);
    }
    return true;
  }

  /** MQTT 5.0 §3.9.3: each filter has its own code; 128 and above is a refusal. */
  #answered(filters: readonly string[], codes: readonly number[]): void {
    const granted: string[] = [];
    for (const [index, filter] of filters.entries()) {
      const code = codes[index] ?? 128;
      if (code < 128) {
        granted.push(filter);
        this.#granted.add(filter);
        this.#refused.delete(filter);
      } else {
        const known = this.#refused.get(filter) === code;
        this.#refused.set(filter, code);
        if (!known) this.onEvent({ kind: "subscription_refused", filter, code, text: refusal(filter, code) });
      }
    }
    if (granted.length > 0) this.onEvent({ kind: "subscribed", filters: granted });
  }
}

/** Codes of MQTT 5.0 §3.9.3 that say what to do; 3.1.1 knows only 128. */
function refusal(filter: string, code: number): string {
  const why = code === 135
    ? "this user may not read it: check the broker's access rules"
    : code === 143
    ? "the broker does not allow such a filter"
    : code === 151
    ? "the broker's limit of subscriptions is reached"
    : code === 162
    ? "the broker does not support wildcards"
    : `code ${code}: check the broker's access rules and its log`;
  return `The broker refuses the subscription "${filter}": ${why}`;
}
