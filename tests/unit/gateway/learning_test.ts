import { assertEquals } from "@std/assert";
import type { LiveEvent } from "../../../src/api/mod.ts";
import type { NotifierConfig } from "../../../src/config/mod.ts";
import { Learning } from "../../../src/gateway/learning/learning.ts";
import { howTo } from "../../../src/gateway/views/learned.ts";
import type { Message, Profile, Rules } from "../../../src/model/mod.ts";
import { bytes, limits, NOW } from "../decode/limits.ts";

const LEARNING: Rules = {
  subscriptions: [],
  profiles: {},
  limits: limits(),
  alerts: [],
  receiveMaximum: 500,
  learn: ["#"],
};

const ALERTS: NotifierConfig = { kind: "mqtt", topic: "alerts/{severity}/{device}", retain: true };

interface World {
  rules: Rules;
  readonly learning: Learning;
  readonly events: LiveEvent[];
  /** Six messages of a device on a topic. */
  send(topic: string): void;
  /** Lets the learner see this. */
  see(message: Message): void;
}

function world(rules = LEARNING): World {
  const core = { onUnknown: (_message: Message, _receivedAt: number): void => {} };
  const events: LiveEvent[] = [];
  let now = NOW;
  const learning = new Learning(core, rules, () => ({
    rules: it.rules,
    config: { notifiers: { bus: ALERTS } },
    live: { tell: (event) => void events.push(event) },
    telemetry: { observer: { event: () => {} } },
  }));
  const it: World = {
    rules,
    learning,
    events,
    see: (message) => core.onUnknown(message, now),
    send(topic): void {
      for (let n = 0; n < 6; n++) {
        now += 1_000;
        const payload = bytes(`{"heat":${n}.5}`);
        const message = {
          topic,
          payload,
          connection: 1,
          packetId: 0,
          dup: false,
          retain: false,
          userProperties: [],
        };
        core.onUnknown(message, now);
      }
    },
  };
  return it;
}

const topics = ({ learning }: World): string[] => learning.learned().map(({ topic }) => topic);

Deno.test("what no subscription takes is learned, and whoever looks on is told once", () => {
  const it = world();
  it.send("hall/oven-1");
  it.send("hall/oven-1");
  const [kind] = it.learning.learned();
  assertEquals([kind?.topic, kind?.state], ["hall/{device}", "proposed"]);
  assertEquals(it.events, [{ kind: "learned", data: { id: kind?.id ?? "" } }]);
});

Deno.test("where nothing is to be learned, nothing is looked at", () => {
  const { learn: _, ...rest } = LEARNING;
  const it = world(rest);
  it.send("hall/oven-1");
  assertEquals(topics(it), []);
  it.rules = LEARNING;
  it.send("hall/oven-1");
  assertEquals(topics(it), ["hall/{device}"]);
  it.rules = rest;
  assertEquals(topics(it), []);
});

Deno.test("what the gateway says itself is no device", () => {
  const it = world();
  it.send("sluice/probe/gateway");
  it.send("alerts/critical/oven-1");
  assertEquals(topics(it), []);
});

Deno.test("what other rules take is forgotten, and their names are taken", () => {
  const it = world();
  it.send("hall/oven-1");
  it.send("yard/pump-1/x");
  const profile: Profile = {
    ...{ name: "yard", description: "", measurement: "heat", time: null, sequence: null, expectEvery: null },
    ...{ fields: [], maxFuture: 1, maxAge: 1 },
    unknownFields: "ignore",
    keep: { kind: "none" },
  };
  const subscription = { topic: "hall/{device}", profile: "yard", format: "json", tags: {} } as const;
  it.rules = { ...LEARNING, profiles: { yard: profile }, subscriptions: [subscription] };
  assertEquals(topics(it), ["yard/{device}/x"]);
  assertEquals(/profile: (.*)/.exec(it.learning.learned()[0]?.profileYaml ?? "")?.[1], "yard-2");
});

Deno.test("a dismissed kind is gone, and whoever looks on is told", () => {
  const it = world();
  it.send("hall/oven-1");
  const id = it.learning.learned()[0]?.id ?? "";
  assertEquals([it.learning.dismiss(id), it.learning.dismiss(id), topics(it)], [true, false, []]);
  assertEquals(it.events.length, 2);
});

Deno.test("whatever goes wrong in learning stays on the bank", () => {
  const it = world();
  const broken = {
    topic: "hall/oven-1",
    get payload(): Uint8Array {
      throw new Error("broken");
    },
  };
  const rest = { connection: 1, packetId: 0, dup: false, retain: false, userProperties: [] };
  it.see(
    Object.defineProperties(
      { ...rest, topic: "", payload: bytes("") },
      Object.getOwnPropertyDescriptors(broken),
    ),
  );
  it.send("hall/oven-2");
  assertEquals(topics(it), ["hall/{device}"]);
});

Deno.test("how to point a device at the gateway: the broker as one reaches it, no password, a command where one fits", () => {
  const mqtt = (url: string, change: object = {}): Parameters<typeof howTo>[0] => ({
    mqtt: {
      ...{ url, embedded: undefined, clientId: "c", username: undefined, password: undefined, protocol: 5 },
      ...{ sessionExpiry: 1, keepalive: 1, receiveMaximum: 1, probe: 0 },
      tls: { ca: undefined, cert: undefined, key: undefined, serverName: undefined },
      ...change,
    },
  });
  const embedded = howTo(mqtt("embedded://0.0.0.0:1884", { embedded: { hostname: "0.0.0.0", port: 1_884 } }));
  assertEquals(embedded.broker_url, "mqtt://127.0.0.1:1884");
  assertEquals(embedded.example_command?.startsWith("mosquitto_pub -h 127.0.0.1 -p 1884 -q 1 -t "), true);
  const named = howTo(mqtt("mqtt://broker.plant.local", { username: "it's me" }));
  assertEquals(named.broker_url, "mqtt://broker.plant.local:1883");
  assertEquals(named.example_command?.includes(`-u 'it'\\''s me' -P PASSWORD`), true);
  assertEquals(howTo(mqtt("mqtts://broker:8883")), {
    broker_url: "mqtts://broker:8883",
    example_command: null,
  });
});
