/**
 * The baseline: a bare MQTT.js subscriber that acknowledges by itself and does nothing with what comes.
 * Says "ready" when it is subscribed, then when the last message had come, then "settled".
 * @module
 */
import mqtt from "mqtt";
import { moment, tell } from "../../support/child_process.ts";

/** What the subscriber is told to do. */
export interface SubscriberTask {
  readonly url: string;
  readonly topics: string;
  readonly messages: number;
  readonly receiveMaximum: number;
}

if (import.meta.main) {
  const task: SubscriberTask = JSON.parse(Deno.args[0] ?? "");
  const client = await mqtt.connectAsync(task.url, {
    clientId: "bench",
    protocolVersion: 5,
    clean: false,
    timerVariant: "native",
    properties: { sessionExpiryInterval: 3_600, receiveMaximum: task.receiveMaximum },
  });
  let seen = 0;
  const all = new Promise<number>((resolve) => {
    client.on("message", () => {
      if (++seen === task.messages) resolve(moment());
    });
  });
  await client.subscribeAsync(task.topics, { qos: 1 });
  await tell("ready");
  await tell(String(await all));
  await tell("settled");
}
