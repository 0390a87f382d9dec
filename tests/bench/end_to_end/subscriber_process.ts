/**
 * The baseline: a bare MQTT.js subscriber that acknowledges by itself and does nothing with what comes.
 * Says "ready" when it is subscribed, then when the last message had come, then "settled".
 * @module
 */
import { moment, tell } from "../../support/child_process.ts";
import { connected, type SubscriberTask } from "./subscriber.ts";

if (import.meta.main) {
  const task: SubscriberTask = JSON.parse(Deno.args[0] ?? "");
  const client = await connected(task);
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
