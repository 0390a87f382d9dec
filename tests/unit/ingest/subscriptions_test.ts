import { assertEquals } from "@std/assert";
import type { IntakeEvent } from "../../../src/ingest/mod.ts";
import { type Subscriber, Subscriptions } from "../../../src/ingest/subscriptions.ts";

/** A broker that answers as told and writes down what it was asked. */
class Answering implements Subscriber {
  readonly asked: string[] = [];
  codes: Readonly<Record<string, number>> = {};
  broken = false;
  identifiers = true;

  subscribe(
    filters: readonly string[],
    _qos: 0 | 1,
    identifier?: number,
  ): Promise<readonly number[] | undefined> {
    this.asked.push(`+ ${filters.join(" ")}${identifier === undefined ? "" : ` #${identifier}`}`);
    return Promise.resolve(this.broken ? undefined : filters.map((filter) => this.codes[filter] ?? 1));
  }

  unsubscribe(filters: readonly string[]): Promise<boolean> {
    this.asked.push(`- ${filters.join(" ")}`);
    return Promise.resolve(!this.broken);
  }
}

function build(filters: string[], former: string[] = []): {
  subscriptions: Subscriptions;
  broker: Answering;
  events: IntakeEvent[];
} {
  const events: IntakeEvent[] = [];
  const subscriptions = new Subscriptions(filters, former, (event) => events.push(event));
  return { subscriptions, broker: new Answering(), events };
}

Deno.test("a filter is pending until the broker has answered it, with whatever, in this session", async () => {
  const { subscriptions, broker } = build(["a", "b"]);
  subscriptions.opened(false);
  assertEquals(subscriptions.pending, ["a", "b"]);
  broker.broken = true;
  await subscriptions.settle(broker);
  assertEquals(subscriptions.pending, ["a", "b"]);
  Object.assign(broker, { broken: false, codes: { b: 135 } });
  await subscriptions.settle(broker);
  assertEquals([subscriptions.pending, subscriptions.refused], [[], [{ filter: "b", code: 135 }]]);
  subscriptions.opened(true);
  assertEquals(subscriptions.pending, ["b"]);
  subscriptions.want(["a", "c"]);
  assertEquals(subscriptions.pending, ["c"]);
  subscriptions.opened(true);
  assertEquals(subscriptions.pending, ["c"]);
  subscriptions.opened(false);
  assertEquals(subscriptions.pending, ["a", "c"]);
});

Deno.test("a session that is not resumed is subscribed again in full", async () => {
  const { subscriptions, broker } = build(["a", "b"]);
  for (const resumed of [false, true, false]) {
    subscriptions.opened(resumed);
    await subscriptions.settle(broker);
  }
  assertEquals(broker.asked, ["+ a b", "+ a b"]);
});

Deno.test("the first connection of a process subscribes also in a resumed session", async () => {
  const { subscriptions, broker } = build(["a"]);
  subscriptions.opened(true);
  await subscriptions.settle(broker);
  assertEquals(broker.asked, ["+ a"]);
});

Deno.test("filters of an earlier process that are no longer named are unsubscribed in a resumed session", async () => {
  const { subscriptions, broker } = build(["a"], ["a", "old"]);
  subscriptions.opened(true);
  await subscriptions.settle(broker);
  await subscriptions.settle(broker);
  assertEquals(broker.asked, ["+ a", "- old"]);
});

Deno.test("a fresh session has nothing to unsubscribe", async () => {
  const { subscriptions, broker } = build(["a"], ["old"]);
  subscriptions.opened(false);
  await subscriptions.settle(broker);
  assertEquals(broker.asked, ["+ a"]);
});

Deno.test("a reload subscribes what is new before it unsubscribes what is gone", async () => {
  const { subscriptions, broker, events } = build(["a", "b"]);
  subscriptions.opened(false);
  await subscriptions.settle(broker);
  subscriptions.want(["b", "c"]);
  await subscriptions.settle(broker);
  assertEquals(broker.asked, ["+ a b", "+ c", "- a"]);
  assertEquals(events.map((event) => event.kind), ["subscribed", "subscribed", "unsubscribed"]);
});

Deno.test("a refused filter is reported once per connection, tried again, and not counted as granted", async () => {
  const { subscriptions, broker, events } = build(["a", "b"]);
  broker.codes = { a: 135, b: 135 };
  subscriptions.opened(false);
  await subscriptions.settle(broker);
  await subscriptions.settle(broker);
  assertEquals([subscriptions.any, subscriptions.refused], [
    false,
    [{ filter: "a", code: 135 }, { filter: "b", code: 135 }],
  ]);
  broker.codes = { a: 135 };
  await subscriptions.settle(broker);
  assertEquals([subscriptions.any, subscriptions.refused], [true, [{ filter: "a", code: 135 }]]);
  assertEquals(broker.asked, ["+ a b", "+ a b", "+ a b"]);
  assertEquals(events.map((event) => event.kind), [
    "subscription_refused",
    "subscription_refused",
    "subscribed",
  ]);
});

Deno.test("a filter whose unsubscribing nobody confirmed is subscribed when it is wanted again", async () => {
  const { subscriptions, broker } = build(["a", "b"]);
  subscriptions.opened(false);
  await subscriptions.settle(broker);
  subscriptions.want(["a"]);
  broker.broken = true;
  await subscriptions.settle(broker);
  broker.broken = false;
  subscriptions.want(["a", "b"]);
  subscriptions.opened(true);
  await subscriptions.settle(broker);
  assertEquals(broker.asked, ["+ a b", "- b", "+ b"]);
});

Deno.test("filters that overlap are subscribed one by one, with an identifier each", async () => {
  const { subscriptions, broker } = build(["a/+", "x", "+/b"]);
  subscriptions.opened(false);
  await subscriptions.settle(broker);
  assertEquals(broker.asked, ["+ x", "+ a/+ #1", "+ +/b #2"]);
});

Deno.test("a broker without identifiers is asked for all filters at once", async () => {
  const { subscriptions, broker } = build(["a/+", "x", "+/b"]);
  broker.identifiers = false;
  subscriptions.opened(false);
  await subscriptions.settle(broker);
  assertEquals(broker.asked, ["+ a/+ x +/b"]);
});

Deno.test("a filter that a reload makes overlap is subscribed again with an identifier", async () => {
  const { subscriptions, broker } = build(["a/+"]);
  subscriptions.opened(false);
  await subscriptions.settle(broker);
  subscriptions.want(["a/+", "+/b"]);
  await subscriptions.settle(broker);
  await subscriptions.settle(broker);
  assertEquals(broker.asked, ["+ a/+", "+ a/+ #1", "+ +/b #2"]);
});

Deno.test("what only a refused filter covers is subscribed to, until that one is granted", async () => {
  const { subscriptions, broker, events } = build(["a/b", "a/+", "#"], ["old"]);
  broker.codes = { "#": 135 };
  subscriptions.opened(true);
  await subscriptions.settle(broker);
  assertEquals(broker.asked, ["+ #", "+ # #1", "+ a/+ #2", "- old"]);
  assertEquals([subscriptions.any, subscriptions.pending, subscriptions.refused], [
    true,
    [],
    [{ filter: "#", code: 135 }],
  ]);
  broker.codes = {};
  await subscriptions.settle(broker);
  assertEquals(broker.asked.slice(4), ["+ # #3", "- a/+"]);
  assertEquals(events.map((event) => event.kind), [
    ...["subscription_refused", "subscribed", "unsubscribed", "subscribed", "unsubscribed"],
  ]);
});
