/**
 * The gateway's own publisher against a real mosquitto and against the broker inside the process.
 * @module
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import mqtt, { type MqttClient } from "mqtt";
import { systemClock } from "../../src/clock.ts";
import { mqttPublishing, type Publishing, type PublishingOptions } from "../../src/ingest/mod.ts";
import { mqttNotifier, notificationId } from "../../src/notify/mod.ts";
import { type Mosquitto, type MosquittoOptions, startMosquitto } from "../support/mosquitto.ts";
import { until } from "../support/until.ts";
import { event, resolution } from "../unit/notify/build.ts";

const NEVER = new AbortController().signal;

/** A client of the code under test; the test closes it. */
function publishing(url: string, over: Partial<PublishingOptions> = {}): Publishing & AsyncDisposable {
  const options = { url, clientId: "plant-1-publisher", protocol: 5, keepalive: 30_000, ...over } as const;
  const backoff = { initial: 50, max: 200 };
  const client = mqttPublishing({ backoff, ...options }, systemClock, Math.random);
  return {
    publish: (message, signal) => client.publish(message, signal),
    echo: (topic, payload, signal) => client.echo(topic, payload, signal),
    close: () => client.close(),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** Someone who looks at the topics later, and sees what the broker retains. */
async function retained(url: string, filter: string): Promise<Map<string, string>> {
  const seen = new Map<string, string>();
  const client: MqttClient = await mqtt.connectAsync(url);
  client.on("message", (topic, payload) => seen.set(topic, new TextDecoder().decode(payload)));
  await client.subscribeAsync(filter);
  // Retained messages come before the answer to a later SUBSCRIBE of the same client.
  await client.subscribeAsync("nothing/else");
  await client.endAsync();
  return seen;
}

function brokerTest(
  sentence: string,
  options: MosquittoOptions,
  body: (broker: Mosquitto) => Promise<void>,
): void {
  Deno.test(sentence, async () => {
    const broker = await startMosquitto(options);
    if (broker === undefined) return;
    try {
      await body(broker);
    } finally {
      await broker.remove();
    }
  });
}

brokerTest("a topic retains the latest state of its alert: firing, then resolved", {}, async (broker) => {
  await using client = publishing(broker.url());
  const notifier = mqttNotifier({ topic: "alerts/{rule}/{device}", retain: true, timeout: 10_000 }, {
    publish: (topic, payload, retain, signal) => client.publish({ topic, payload, qos: 1, retain }, signal),
    clock: systemClock,
  });
  for (const what of [event(), event({ device: "kiln-2" }), resolution()]) {
    const notification = { id: notificationId(what), event: what, attempt: 1, sentAt: what.at };
    assertEquals(await notifier.send(notification, NEVER), { kind: "sent" });
  }
  const states = await retained(broker.url(), "alerts/#");
  assertEquals(
    [...states].map(([topic, payload]) => [topic, JSON.parse(payload).transition]).sort(),
    [["alerts/too-hot/kiln-1", "resolved"], ["alerts/too-hot/kiln-2", "firing"]],
  );
  assertEquals(JSON.parse(states.get("alerts/too-hot/kiln-1") ?? "").id, notificationId(resolution()));
});

brokerTest("a broker that restarts is connected to again by itself", {}, async (broker) => {
  await using client = publishing(broker.url());
  await client.publish({ topic: "t", payload: "1", qos: 1, retain: true }, NEVER);
  await broker.kill();
  const failure = await assertRejects(
    () => client.publish({ topic: "t", payload: "2", qos: 1, retain: true }, NEVER),
    Error,
  );
  assertStringIncludes(failure.message, `"${broker.url()}"`);
  await broker.start();
  await until(
    "the message goes through",
    () =>
      client.publish({ topic: "t", payload: "3", qos: 1, retain: true }, NEVER).then(() => true, () => false),
    {
      every: 50,
    },
  );
  assertEquals((await retained(broker.url(), "t")).get("t"), "3");
});

brokerTest("a broker that nobody is let into says so, and holds nothing up", {
  passwords: { gateway: "right" },
}, async (broker) => {
  await using client = publishing(broker.url(), {
    username: "gateway",
    password: () => Promise.resolve("planted-secret"),
  });
  const publish = (): Promise<void> =>
    client.publish({ topic: "t", payload: "", qos: 1, retain: false }, NEVER);
  for (let n = 0; n < 2; n++) {
    const { message } = await assertRejects(publish, Error);
    assertStringIncludes(message, "check mqtt.username and password_file");
    assert(!message.includes("planted-secret"));
  }
});

brokerTest("a topic that the broker refuses is a rejection, not a silence", {
  acl: ["topic read #"],
}, async (broker) => {
  await using client = publishing(broker.url());
  const refused = (): Promise<void> =>
    client.publish({ topic: "t", payload: "", qos: 1, retain: false }, NEVER);
  assertStringIncludes((await assertRejects(refused, Error)).message, "Not authorized");
});

brokerTest("a broker that says nothing any more is broken off by the signal", {}, async (broker) => {
  const client = publishing(broker.url());
  await client.publish({ topic: "t", payload: "", qos: 0, retain: false }, NEVER);
  broker.freeze();
  const abort = new AbortController();
  const publish = client.publish({ topic: "t", payload: "", qos: 1, retain: false }, abort.signal);
  abort.abort();
  assertStringIncludes((await assertRejects(() => publish, Error)).message, "broken off");
  broker.thaw();
  await client.close();
  await assertRejects(() => client.publish({ topic: "t", payload: "", qos: 1, retain: false }, NEVER), Error);
});
