/**
 * Bytes that are not what they were. TCP's checksum lets few of them through, and MQTT has none of its own: in a header
 * they break the stream, and it begins anew; in a payload nobody can know.
 */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { Dice } from "../../devices/simulator/dice.ts";
import { thermoHygrometer } from "../../devices/simulator/models/thermo_hygrometer.ts";
import { compare, differenceText, type PointTable, type Published } from "../support/oracle.ts";
import { countsOf, expectedCounts, wrongIn } from "../support/river_site.ts";
import type { Direction } from "../support/tcp_proxy.ts";
import { until } from "../support/until.ts";
import { countOf, scenario, seedOf, type Stand, WatchedStand } from "./kit/mod.ts";

/** Nothing passes any more, and the gateway is connected. */
async function quiet({ brokerLine, gateway }: Stand): Promise<void> {
  let [seen, since] = [-1, performance.now()];
  await until("the line is quiet", async () => {
    const now = brokerLine.passed.down + brokerLine.passed.up;
    if (now !== seen) [seen, since] = [now, performance.now()];
    return performance.now() - since > 700 &&
      (await gateway.get("/readyz").catch(() => undefined))?.status === 200;
  }, { timeout: 60_000, every: 50, state: () => [brokerLine.passed, gateway.stderrNow()] });
}

/** Corrupts one byte after the other, each counted from where the line is quiet: at the beginning of a packet. */
async function corrupted(
  stand: Stand,
  places: readonly (readonly [Direction, number])[],
): Promise<void> {
  const { brokerLine, load } = stand;
  for (const [n, [direction, place]] of places.entries()) {
    await quiet(stand);
    brokerLine.corruptAfter(direction, place);
    await load.publish(Math.round(stand.share * (n + 1) / places.length));
    await until("the byte is corrupted", () => !brokerLine.lurking, {
      timeout: 30_000,
      state: () => [n, direction, place, stand.gateway.stderrNow()],
    });
  }
  await quiet(stand);
  // What was acknowledged under a wrong identifier is still owed: it comes with the next connection.
  brokerLine.cut();
}

scenario(
  "a byte of a packet's head corrupted × 8: the stream begins anew",
  { shows: ["P2", "P3", "P6"] },
  async () => {
    await using watched = await WatchedStand.open(341, { load: { each: 60 } });
    if (watched === undefined) return;
    const { stand, witness } = watched;
    // Of a PUBLISH both bytes of its length and the first of its topic's; of a PUBACK its length.
    const places = [["down", 1], ["down", 2], ["down", 3], ["up", 1]] as const;
    await corrupted(stand, [...places, ...places]);
    stand.faultOver();
    const { ledger, expected, content, recovered } = await stand.atRest();
    // Where the end of a message is mistaken it may come as one that nobody sent, refused, before the stream breaks.
    const bad = ledger.messages.received - ledger.messages.duplicate - expected.messages;
    assert(bad >= 0 && bad <= 6, `${bad} messages that nobody sent`);
    const counts = expectedCounts(expected);
    assertEquals(countsOf(ledger), {
      ...counts,
      "messages.once": expected.messages + bad,
      "messages.quarantined": expected.quarantined + bad - ledger.messages.filtered,
      "messages.filtered": ledger.messages.filtered,
    });
    assertEquals(wrongIn(expected.points, content), []);
    assertEquals([ledger.balanced, await stand.quarantined()], [
      true,
      expected.rejected + ledger.messages.quarantined,
    ]);
    assertGreater(witness.connects, 2 * places.length + 1);
    const note = `${witness.repeated} messages came again; ${bad} damaged ones refused`;
    return {
      ...stand.row(ledger, { ...expected, messages: expected.messages + bad }, content, recovered),
      note,
    };
  },
);

/** Devices that messages name; what is no topic of the load names none. */
function devicesOf(messages: readonly Published[]): Set<string> {
  return new Set(messages.map(({ topic }) => topic.split("/")[3] ?? "").filter((device) => device !== ""));
}

/** What is wrong in the series of all devices but some. */
function wrongBeside(touched: ReadonlySet<string>, expected: PointTable, content: PointTable): string[] {
  return compare(expected, content).filter(({ series }) => {
    const device = /"device":"([^"]*)"/.exec(series)?.[1] ?? "";
    return !touched.has(device);
  }).map(differenceText);
}

scenario("any byte between broker and gateway corrupted × 30", { shows: ["P2", "P6"] }, async () => {
  const seed = seedOf("corrupted bytes");
  const dice = new Dice(seed);
  await using watched = await WatchedStand.open(seed, {
    load: { each: 200, devices: 100, mix: [thermoHygrometer], inFlight: 500 },
  });
  if (watched === undefined) return;
  const { stand, witness } = watched;
  await corrupted(
    stand,
    Array.from(
      { length: 30 },
      (_, n) => ["down", Math.floor(dice.between(0, n % 2 === 0 ? 45 : 8_000))] as const,
    ),
  );
  stand.faultOver();
  await stand.load.publish();
  await stand.load.settled();
  await quiet(stand);
  const { ledger, expected, content, recovered } = await stand.atRest(0);
  const changed = witness.changed(stand.load.sent);
  const replaced = stand.load.sent.filter((message) => !witness.acknowledged(message));
  assert(replaced.length <= 30, `${replaced.length} messages were never acknowledged as they were published`);
  // With its identifier changed a message is acknowledged under a wrong one and comes again under its own: then only
  // its sequence number tells, within its device's last 32 messages.
  const touched = devicesOf([...changed, ...replaced, ...witness.renumbered]);
  assert(touched.size < 50, `${touched.size} devices`);
  // Everybody else has all of it, once; and whatever came is accounted for.
  assertEquals(wrongBeside(touched, expected.points, content), []);
  assertEquals([ledger.balanced, ledger.messages.corrupt], [true, 0]);
  const ends = await countOf(stand, "mqtt_disconnected");
  return {
    ...stand.row(ledger, expected, content, recovered),
    lost: 0,
    doubled: 0,
    note:
      `${ends} times the stream broke; ${replaced.length} messages changed on their way, nobody else's; seed ${seed}`,
  };
});
