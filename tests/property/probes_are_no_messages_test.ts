/**
 * Probes in the stream of messages change nothing: not the inbox, hence nothing that follows from it, and not the order
 * of the acknowledgements.
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { IPublishPacket } from "mqtt";
import { Buffer } from "node:buffer";
import { Receiver, type Receiving } from "../../src/ingest/receiver.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { type InboxEntry, MemoryInbox } from "../support/memory_inbox.ts";

type Step =
  | {
    readonly kind: "message" | "probe";
    readonly qos: 0 | 1;
    readonly text: string;
    readonly copies: boolean;
  }
  | { readonly kind: "sync"; readonly part: number }
  | { readonly kind: "reconnect"; readonly resumed: boolean };

const packet = fc.record({
  kind: fc.constantFrom("message" as const, "probe" as const),
  qos: fc.constantFrom(0 as const, 1 as const),
  text: fc.constantFrom("", "1", "2"),
  copies: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: packet },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("sync" as const), part: fc.double({ min: 0, max: 1 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reconnect" as const), resumed: fc.boolean() }) },
);

/** What a run came to. */
interface Outcome {
  readonly entries: readonly InboxEntry[];
  /** Of each connection: identifiers that came with QoS 1, and those acknowledged, both in their order. */
  readonly connections: readonly { readonly came: number[]; readonly acknowledged: number[] }[];
  readonly arrivals: number;
}

function run(steps: readonly Step[], probes: boolean): Outcome {
  const inbox = new MemoryInbox();
  const connections: { came: number[]; acknowledged: number[] }[] = [];
  const receiver = new Receiver(
    {
      url: "mqtt://broker",
      clientId: "one",
      protocol: 5,
      sessionExpiry: 1,
      keepalive: 1,
      receiveMaximum: 10,
      filters: [],
      maxPayload: 100,
    },
    inbox,
    new ManualClock(),
    { onEvent: () => {}, block: () => {}, probed: () => {} },
  );
  inbox.onDurable((upTo) => receiver.durable(upTo));
  let id = 0;
  const connect = (resumed: boolean): void => {
    receiver.closed();
    const connection = { came: [] as number[], acknowledged: [] as number[] };
    connections.push(connection);
    receiver.opened(acknowledging(connection.acknowledged), resumed);
  };
  connect(false);
  for (const step of steps) {
    if (step.kind === "sync") inbox.sync(Math.floor(step.part * inbox.entries.length));
    else if (step.kind === "reconnect") connect(step.resumed);
    else {
      // Each message keeps its identifier, with and without probes in between.
      id++;
      if (step.kind === "probe" && !probes) continue;
      const topic = step.kind === "probe" ? receiver.probeTopic : "t";
      if (step.qos === 1) connections.at(-1)?.came.push(id);
      receiver.message(publish(topic, step, id));
    }
  }
  inbox.sync();
  return { entries: inbox.entries, connections, arrivals: receiver.arrivals };
}

function publish(
  topic: string,
  { qos, text, copies }: Extract<Step, { text: string }>,
  id: number,
): IPublishPacket {
  return {
    ...{ cmd: "publish", topic, payload: Buffer.from(text), qos, dup: false, retain: false },
    ...(qos === 1 ? { messageId: id } : {}),
    ...(copies ? { properties: { subscriptionIdentifier: id % 3 + 1 } } : {}),
  };
}

function acknowledging(into: number[]): Receiving {
  return {
    acknowledge: (ids) => void into.push(...ids),
    release: () => {},
    subscribe: () => Promise.resolve(undefined),
  };
}

Deno.test("the inbox holds the same with probes as without", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const [with_, without] = [run(steps, true), run(steps, false)];
    assertEquals(with_.entries, without.entries);
    assertEquals(with_.arrivals, without.arrivals);
  }));
});

Deno.test("a connection's acknowledgements are those of what came on it, probes too, in the order of their arrival", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const { connections } = run(steps, true);
    const last = connections.length - 1;
    for (const [n, { came, acknowledged }] of connections.entries()) {
      assertEquals(acknowledged, came.slice(0, acknowledged.length));
      if (n === last) assertEquals(acknowledged, came);
    }
  }));
});
