/**
 * A network that breaks between broker and gateway: what was on its way comes again, and counts once; an acknowledgement
 * belongs to the connection that delivered its message.
 */
import { assertEquals, assertGreater } from "@std/assert";
import { Dice } from "../../devices/simulator/dice.ts";
import { SyscallShim } from "../support/syscall_shim.ts";
import type { Direction } from "../support/tcp_proxy.ts";
import { until } from "../support/until.ts";
import { type Row, scenario, seedOf, type StandOptions, WatchedStand } from "./kit/mod.ts";

/** The way whose bytes are counted until a cut, and how many pass before it. */
type Place = readonly [Direction, number];

interface Cuts {
  readonly places: readonly Place[];
  /** Messages of each device for a cut. */
  readonly each: number;
  readonly mqtt?: StandOptions["mqtt"];
}

/** Cuts the line again and again under load, in order and as a reset in turn. */
async function cuts(seed: number, { places, each, mqtt = {} }: Cuts): Promise<Row | undefined> {
  await using watched = await WatchedStand.open(seed, { mqtt, load: { each: each * places.length + 10 } });
  if (watched === undefined) return;
  const { stand, witness } = watched;
  const { brokerLine, load } = stand;
  for (const [n, [direction, place]] of places.entries()) {
    await watched.reconnected(async () => {
      brokerLine.cutAfter(direction, place, n % 2 === 0 ? "rst" : "fin");
      await load.publish(Math.round(stand.share * (n + 1) / places.length));
      await until("the line is cut", () => !brokerLine.lurking, {
        timeout: 30_000,
        state: () => [n, place, brokerLine.passed, stand.gateway.stderrNow()],
      });
    });
  }
  stand.faultOver();
  const row = await watched.accounted();
  assertGreater(witness.connects, places.length);
  assertGreater(witness.repeated, 0);
  const again = witness.repeated.toLocaleString("en-US");
  return { ...row, note: `${again} messages came again; seed ${seed}` };
}

/** Places in the first messages behind a cut and far behind it, in turn. */
function inMessages(seed: number, count: number, near: number, far: number): Place[] {
  const dice = new Dice(seed);
  return Array.from(
    { length: count },
    (_, n) => ["down", Math.floor(dice.between(1, n % 2 === 0 ? near : far))],
  );
}

/** Places in one of the next PUBACKs; each has four bytes, and cuts fall into all of them. */
function inPubacks(seed: number, count: number, far: number): Place[] {
  const dice = new Dice(seed);
  return Array.from({ length: count }, (_, n) => ["up", 4 * Math.floor(dice.between(1, far)) + n % 4]);
}

scenario("network cut in mid-PUBLISH × 30", { shows: ["P1", "P2", "P3"] }, () => {
  const seed = seedOf("cuts in mid-PUBLISH");
  return cuts(seed, { places: inMessages(seed, 30, 400, 40_000), each: 15 });
});

scenario("network cut in mid-PUBLISH and mid-PUBACK, one message in flight × 12", {
  shows: ["P1", "P2", "P3"],
}, () => {
  const seed = seedOf("cuts with one in flight");
  const places = [...inMessages(seed, 6, 400, 3_000), ...inPubacks(seed, 6, 60)];
  return cuts(seed, { places, each: 4, mqtt: { receive_maximum: 1 } });
});

scenario("network cut in mid-PUBLISH, MQTT 3.1.1 × 10", { shows: ["P1", "P2", "P3"] }, () => {
  const seed = seedOf("cuts with MQTT 3.1.1");
  return cuts(seed, { places: inMessages(seed, 10, 400, 40_000), each: 15, mqtt: { protocol: 4 } });
});

scenario("network cut in mid-PUBACK × 10", { shows: ["P1", "P2", "P3"] }, () => {
  const seed = seedOf("cuts in mid-PUBACK");
  return cuts(seed, { places: inPubacks(seed, 10, 600), each: 20 });
});

scenario("network cut in CONNECT, CONNACK, SUBSCRIBE and SUBACK", { shows: ["P2", "P3"] }, async () => {
  await using watched = await WatchedStand.open(321, { stopped: true });
  if (watched === undefined) return;
  const { stand } = watched;
  const { brokerLine, gateway, load } = stand;
  const places: readonly Place[] = [
    ["up", 1],
    ["up", 20],
    ["down", 1],
    ["down", 3],
    // Behind the CONNACK: in the subscriptions, and in the answer to them.
    ["up", 60],
    ["down", 18],
    ["down", 22],
  ];
  for (const [n, [direction, place]] of places.entries()) {
    brokerLine.cutAfter(direction, place, n % 2 === 0 ? "fin" : "rst");
    if (n === 0) await gateway.start();
    await until("the line is cut", () => !brokerLine.lurking, { timeout: 30_000, every: 1 });
  }
  await gateway.ready();
  await load.publish(stand.share);
  const row = await watched.accounted(`${places.length} cuts`);
  assertGreater(brokerLine.connections, places.length);
  return row;
});

scenario(
  "an acknowledgement due only after a reconnect, the disk being slow",
  { shows: ["P1", "P2", "P3"], always: true },
  async () => {
    await using shim = await SyscallShim.make();
    if (shim === undefined) return;
    await using watched = await WatchedStand.open(322, { env: shim.env, load: { each: 60 } });
    if (watched === undefined) return;
    const { stand, witness } = watched;
    const { brokerLine, load } = stand;
    let [cuts, late] = [0, 0];
    // On a busy machine the connection may be late, and not the acknowledgements: that does not count.
    while (late < 2 && cuts < 8) {
      await until("everything is acknowledged", () => {
        return load.sent.every((message) => witness.acknowledged(message));
      }, { timeout: 60_000 });
      await shim.strike({
        call: "fdatasync",
        path: "/data/inbox/",
        times: Infinity,
        action: { delay: 3_000 },
      });
      const { deliveries, pubacks } = witness;
      const publishing = load.publish(Math.round(stand.share * ++cuts / 8));
      await watched.reconnected(async () => {
        await until("messages have come that wait for the disk", () => witness.deliveries > deliveries + 50, {
          timeout: 30_000,
          every: 1,
        });
        brokerLine.cut(cuts % 2 === 0 ? "fin" : "rst");
      });
      if (witness.pubacks === pubacks) late++;
      await publishing;
      await shim.strike();
    }
    assertEquals(late, 2);
    stand.faultOver();
    const row = await watched.accounted();
    assertGreater(witness.repeated, 0);
    const again = witness.repeated.toLocaleString("en-US");
    return {
      ...row,
      note: `${cuts} cuts; ${again} messages came again, none acknowledged for another connection`,
    };
  },
);
