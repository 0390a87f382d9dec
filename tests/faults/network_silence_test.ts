/** A network that does not break but lies: silence, half of a line, answers that never arrive, slowness. */
import { assertEquals, assertGreater } from "@std/assert";
import { SyscallShim } from "../support/syscall_shim.ts";
import type { ProxyMode } from "../support/tcp_proxy.ts";
import { until } from "../support/until.ts";
import { countOf, type Row, scenario, WatchedStand } from "./kit/mod.ts";

/** The shortest that a gateway can ask for: silence is noticed after a second or two. */
const HASTY = { keepalive: "1s" };

/** Waits until connections were given up for silence, so many in all. */
async function givenUp({ stand }: WatchedStand, times: number): Promise<void> {
  await until(`${times} silent connections are given up`, async () => {
    return await countOf(stand, "mqtt_disconnected") >= times;
  }, { timeout: 60_000, every: 100, state: () => stand.gateway.stderrNow() });
  await stand.gateway.logged("mqtt_disconnected", (line) => line.failure_reason === "keepalive");
}

/** Lets the line fall into a mode again and again under load, until the gateway gives the connection up each time. */
async function silences(seed: number, mode: ProxyMode, times: number): Promise<Row | undefined> {
  await using watched = await WatchedStand.open(seed, { mqtt: HASTY, load: { each: 30 * times } });
  if (watched === undefined) return;
  const { stand, witness } = watched;
  const { brokerLine, load } = stand;
  for (let n = 1; n <= times; n++) {
    await watched.reconnected(async () => {
      const publishing = load.publish(Math.round(stand.share * n / times));
      const { deliveries } = witness;
      await until("messages are under way", () => witness.deliveries > deliveries, {
        timeout: 30_000,
        every: 1,
      });
      brokerLine.set(mode);
      await publishing;
      await givenUp(watched, n);
      brokerLine.set("pass");
    });
  }
  stand.faultOver();
  const row = await watched.accounted();
  const again = witness.repeated.toLocaleString("en-US");
  return { ...row, note: `${times} times; ${again} messages came again` };
}

scenario("line to the broker half-open, both ways silent × 3", { shows: ["P2", "P3"] }, () => {
  return silences(331, "stall", 3);
});

scenario("PUBACKs that never arrive × 5: everything comes again", { shows: ["P1", "P2", "P3"] }, () => {
  return silences(332, "swallow_requests", 5);
});

scenario(
  "messages that never arrive × 3: the broker sends into nothing",
  { shows: ["P1", "P2", "P3"] },
  () => {
    return silences(333, "swallow_answers", 3);
  },
);

scenario("a storm of redelivery: the line cut at each batch before its PUBACKs × 8", {
  shows: ["P1", "P2", "P3"],
  always: true,
}, async () => {
  await using shim = await SyscallShim.make();
  if (shim === undefined) return;
  await using watched = await WatchedStand.open(334, { env: shim.env });
  if (watched === undefined) return;
  const { stand, witness } = watched;
  const { brokerLine, load, gateway } = stand;
  // No PUBACK is due before the disk has answered.
  await shim.strike({ call: "fdatasync", path: "/data/inbox/", times: Infinity, action: { delay: 1_000 } });
  const publishing = load.publish(stand.share);
  const times = 8;
  let seen = 0;
  for (let n = 1; n <= times; n++) {
    await watched.reconnected(async () => {
      await until("a batch has come", () => witness.deliveries >= seen + 200, { timeout: 30_000, every: 1 });
      brokerLine.cut(n % 2 === 0 ? "fin" : "rst");
      seen = witness.deliveries;
    });
  }
  await shim.strike();
  await publishing;
  stand.faultOver();
  const row = await watched.accounted();
  const { duplicate } = (await gateway.ledger()).messages;
  assertGreater(duplicate, 0);
  const again = witness.repeated.toLocaleString("en-US");
  return {
    ...row,
    note: `${again} messages came again, ${duplicate.toLocaleString("en-US")} got as far as the journal`,
  };
});

scenario(
  "slow line between broker and gateway: every piece half a second late",
  { shows: ["P2", "P3"] },
  async () => {
    // Pings are due while pieces are late: their answers stand in line behind messages.
    await using watched = await WatchedStand.open(335, { load: { each: 60 }, mqtt: { keepalive: "2s" } });
    if (watched === undefined) return;
    const { stand } = watched;
    stand.brokerLine.slow(500);
    await stand.load.publish(stand.share);
    await until("all of it has come over the slow line", () => watched.witness.once >= stand.share, {
      timeout: 60_000,
      every: 100,
      state: () => [watched.witness.once, stand.gateway.stderrNow()],
    });
    stand.brokerLine.slow(0);
    stand.faultOver();
    const row = await watched.accounted("never given up");
    assertEquals(watched.witness.connects, 1);
    return row;
  },
);
