/**
 * What one writes in an afternoon: MQTT.js, JSON.parse, and the database's own client with its default batches.
 * It acknowledges by itself, and what it holds in memory is lost with it. Says "ready" when it is subscribed, then
 * when the last message had come, then "settled" when the client has written everything.
 * @module
 */
import { InfluxDB, Point } from "@influxdata/influxdb-client";
import { moment, tell } from "../../support/child_process.ts";
import type { WriteTarget } from "../kit/database.ts";
import { connected, type SubscriberTask } from "./subscriber.ts";

/** What the client is told to do. */
export interface ByHandTask extends SubscriberTask {
  readonly target: WriteTarget;
}

/** What a device of the site publishes. */
interface Climate {
  readonly ts: number;
  readonly temperature: number;
  readonly humidity: number;
  readonly battery: number;
}

if (import.meta.main) {
  const { target, ...task }: ByHandTask = JSON.parse(Deno.args[0] ?? "");
  const { url, token, org, bucket } = target;
  const writer = new InfluxDB({ url, token }).getWriteApi(org, bucket, "ms");
  const client = await connected(task);
  let seen = 0;
  const all = new Promise<number>((resolve) => {
    client.on("message", (topic, payload) => {
      const [, site = "", device = ""] = topic.split("/");
      const reading: Climate = JSON.parse(payload.toString());
      writer.writePoint(
        new Point("climate").tag("site", site).tag("device", device)
          .floatField("temperature", reading.temperature)
          .floatField("humidity", reading.humidity)
          .intField("battery", reading.battery)
          .timestamp(reading.ts),
      );
      if (++seen === task.messages) resolve(moment());
    });
  });
  await client.subscribeAsync(task.topics, { qos: 1 });
  await tell("ready");
  await tell(String(await all));
  await writer.close();
  await tell("settled");
}
