import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import { mqttNotifier, notificationId } from "../../../src/notify/mod.ts";
import { event } from "./build.ts";

interface Published {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

async function published(topic: string, device = "kiln-1"): Promise<Published> {
  const seen: Published[] = [];
  const notifier = mqttNotifier({ topic, retain: true, timeout: 1_000 }, {
    publish: (topic, payload, retain) => {
      seen.push({ topic, payload, retain });
      return Promise.resolve();
    },
    clock: systemClock,
  });
  const what = event({ device });
  const notification = { id: notificationId(what), event: what, attempt: 1, sentAt: 0 };
  assertEquals(await notifier.send(notification, new AbortController().signal), { kind: "sent" });
  const [only] = seen;
  assert(only !== undefined);
  return only;
}

Deno.test("a notification is published with its key, on a topic filled from the alert", async () => {
  const { topic, payload, retain } = await published("alerts/{severity}/{device}/{transition}");
  assertEquals(topic, "alerts/critical/kiln-1/firing");
  assertEquals(retain, true);
  assertEquals(JSON.parse(payload).id, notificationId(event()));
});

Deno.test("a device cannot make levels or wildcards in the topic", async () => {
  assertEquals((await published("alerts/{device}", "../+/#\0")).topic, "alerts/.._____");
  assertEquals((await published("alerts/{other}/{rule}")).topic, "alerts/{other}/too-hot");
});
