/** A connection to the broker that stands and brings nothing: noticed by probes and pings, long before the keepalive. */
import { assertEquals, assertGreater } from "@std/assert";
import { MqttProxy } from "../support/mqtt_proxy.ts";
import { until } from "../support/until.ts";
import { countOf, scenario, Stand } from "./kit/mod.ts";

/** Whatever is noticed, the keepalive is not what notices it. */
const WATCHFUL = { keepalive: "10m", probe: "1s" };

/** Waits until connections were given up, so many in all. */
async function stalled(stand: Stand, times: number): Promise<void> {
  await until(
    `${times} connections are given up`,
    async () => await countOf(stand, "mqtt_stalled") >= times,
    {
      timeout: 60_000,
      every: 50,
      state: () => stand.gateway.stderrNow(),
    },
  );
}

scenario("a broker that answers pings and keeps messages back × 2", {
  shows: ["P2", "P3"],
  always: true,
}, async () => {
  const times = 2;
  const more = { shortWaits: true, stopped: true } as const;
  const stand = await Stand.open(341, { mqtt: WATCHFUL, load: { each: 60 }, ...more });
  if (stand === undefined) return;
  await using _stand = stand;
  const proxy = stand.use(await MqttProxy.open(stand.broker.port));
  const session = (): number => proxy.connected.filter((id) => id === "sluice-test").length;
  const passed: number[] = [];
  let probes = 0;
  proxy.rule = (packet, clientId) => {
    if (packet.cmd !== "publish" || packet.qos === 0 || clientId !== "sluice-test") return "pass";
    const connection = session();
    const before = passed[connection] ?? 0;
    if (connection <= times && before >= 100) return "swallow";
    if (packet.topic.startsWith("sluice/probe/")) probes++;
    else passed[connection] = before + 1;
    return "pass";
  };
  stand.brokerLine.target = Number(new URL(proxy.url).port);
  await stand.gateway.start();
  await stand.gateway.ready();
  await until("a probe has come", () => probes > 0, { timeout: 30_000 });
  const publishing = stand.load.publish(stand.share);
  await stalled(stand, times);
  await publishing;
  stand.faultOver();
  const row = await stand.accounted();
  const [first] = await stand.gateway.log("mqtt_stalled");
  assertEquals(first?.failure_reason, "stalled");
  assertGreater(proxy.swallowed.length, times);
  return {
    ...row,
    note: `${proxy.swallowed.length.toLocaleString("en-US")} messages kept back and sent again`,
  };
});

scenario("line to the broker half-open, the keepalive being 10 min", { shows: ["P2", "P3"] }, async () => {
  const stand = await Stand.open(342, { mqtt: WATCHFUL, load: { each: 60 } });
  if (stand === undefined) return;
  await using _stand = stand;
  await stand.load.publish(stand.share / 2);
  stand.brokerLine.set("stall");
  await stand.load.publish(stand.share);
  await stalled(stand, 1);
  stand.brokerLine.set("pass");
  stand.faultOver();
  const row = await stand.accounted();
  const [first] = await stand.gateway.log("mqtt_stalled");
  assertEquals(first?.failure_reason, "silent");
  return row;
});
