/**
 * The publisher's process: says "ready", waits for a word, publishes, then says when it began and when the broker
 * had acknowledged everything.
 * @module
 */
import { moment, tell, told } from "./child_process.ts";
import { siteMessages } from "./climate_site.ts";
import { FastConnection } from "./fast_connection.ts";
import type { PublisherReport, PublisherTask } from "./fast_publisher.ts";
import { publishPackets } from "./publish_packets.ts";

if (import.meta.main) {
  const task: PublisherTask = JSON.parse(Deno.args[0] ?? "");
  const newest = Date.now();
  const connections = await Promise.all(
    Array.from({ length: task.connections }, (_, n) => {
      const packets = publishPackets(
        siteMessages(task.messages, newest, (device) => device % task.connections === n, task.devices),
      );
      return FastConnection.open({ port: task.port, clientId: `publisher-${n}` }, packets, task.window);
    }),
  );
  await tell("ready");
  await told();
  const firstAt = moment();
  const rate = (task.rate ?? Infinity) / task.connections;
  await Promise.all(connections.map((connection) => connection.publish(rate)));
  const report: PublisherReport = { firstAt, lastAt: moment() };
  await tell(JSON.stringify(report));
  for (const connection of connections) connection.close();
}
