/** The gateway is the broker: what a device had no PUBACK for it sends again, and it counts once. */
import { assertEquals, assertGreater } from "@std/assert";
import { Dice } from "../../devices/simulator/dice.ts";
import { thermoHygrometer } from "../../devices/simulator/models/thermo_hygrometer.ts";
import type { LoadOptions } from "../support/load.ts";
import { SyscallShim } from "../support/syscall_shim.ts";
import type { Direction } from "../support/tcp_proxy.ts";
import { until } from "../support/until.ts";
import { deathAt, type Row, scenario, seedOf, Stand, struckDead } from "./kit/mod.ts";

/** Devices that number their messages: by the number a message is known that comes again on another connection. */
const LOAD: Partial<LoadOptions> = { returns: true, mix: [thermoHygrometer], inFlight: 500 };

/** Cuts the line between the devices and the gateway again and again under load. */
async function cuts(seed: number, direction: Direction, places: readonly number[]): Promise<Row | undefined> {
  await using stand = await Stand.open(seed, { embedded: true, load: LOAD });
  if (stand === undefined) return;
  const { brokerLine, load, gateway } = stand;
  for (const [n, place] of places.entries()) {
    await load.settled();
    brokerLine.cutAfter(direction, place, n % 2 === 0 ? "rst" : "fin");
    await load.publish(Math.round(stand.share * (n + 1) / places.length));
    await until("the line is cut", () => !brokerLine.lurking, {
      timeout: 30_000,
      state: () => [n, place, brokerLine.passed, gateway.stderrNow()],
    });
  }
  stand.faultOver();
  const row = await stand.accounted();
  assertGreater(brokerLine.connections, 4 * places.length);
  const { duplicate } = (await gateway.ledger()).messages;
  return { ...row, note: `${duplicate} messages came again that were on disk; seed ${seed}` };
}

function placesOf(seed: number, count: number, upTo: number): number[] {
  const dice = new Dice(seed);
  return Array.from({ length: count }, () => Math.floor(dice.between(1, upTo)));
}

scenario("embedded broker: devices cut off in mid-PUBLISH × 10", { shows: ["P1", "P2", "P3"] }, () => {
  const seed = seedOf("embedded, cuts in mid-PUBLISH");
  return cuts(seed, "up", placesOf(seed, 10, 20_000));
});

scenario("embedded broker: devices cut off in mid-PUBACK × 10", { shows: ["P1", "P2", "P3"] }, () => {
  const seed = seedOf("embedded, cuts in mid-PUBACK");
  return cuts(seed, "down", placesOf(seed, 10, 1_000));
});

scenario(
  "embedded broker: kill -9 between the disk and the PUBACK",
  { shows: ["P1", "P2", "P3"], always: true },
  async () => {
    await using shim = await SyscallShim.make();
    if (shim === undefined) return;
    await using stand = await Stand.open(391, { embedded: true, env: shim.env, load: LOAD });
    if (stand === undefined) return;
    const { gateway, load } = stand;
    const deaths = [1, 3].map((n) => deathAt("fdatasync", "/data/inbox/", n));
    for (const [n, death] of deaths.entries()) {
      await load.settled();
      await shim.strike(death);
      const publishing = load.publish(Math.round(stand.share * (n + 1) / deaths.length));
      await struckDead(gateway, shim);
      await gateway.start();
      await publishing;
    }
    assertEquals((await shim.hits()).map(({ call }) => call), deaths.map(({ call }) => call));
    stand.faultOver();
    const row = await stand.accounted();
    const { duplicate } = (await gateway.ledger()).messages;
    // It was on disk, and its device did not know.
    assertGreater(duplicate, 0);
    return { ...row, note: `2 deaths; ${duplicate} messages came again that were on disk` };
  },
);
