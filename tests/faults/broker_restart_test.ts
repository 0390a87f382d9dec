/**
 * A broker that restarts: with its memory, with what it saved of it, and without any. What it has lost is its own loss, and
 * no more than that is missing.
 */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { thermoHygrometer } from "../../devices/simulator/models/thermo_hygrometer.ts";
import type { LoadOptions } from "../support/load.ts";
import type { MosquittoOptions } from "../support/mosquitto.ts";
import { until } from "../support/until.ts";
import { countOf, type Row, scenario, WatchedStand } from "./kit/mod.ts";

/**
 * Devices that keep what the broker has not acknowledged, and number their messages: what they send again after it has
 * died is known by its number.
 */
const LOAD: Partial<LoadOptions> = {
  returns: true,
  mix: [thermoHygrometer],
  pace: 1_000,
  inFlight: 500,
  each: 80,
};

/** It keeps its sessions on disk: whole at its end, every second in between. */
const PERSISTENT: MosquittoOptions = { persistence: true };

interface Restarts {
  readonly times: number;
  readonly how: "stop" | "kill";
  readonly persistence: boolean;
}

/** Restarts the broker under load, again and again. */
async function restarted(
  watched: WatchedStand,
  { times, how, persistence }: Restarts,
): Promise<void> {
  const { stand, witness } = watched;
  const { broker, load, gateway } = stand;
  const publishing = load.publish(stand.share);
  for (let n = 1; n <= times; n++) {
    await until("the load is at the next restart", () => {
      return load.acknowledged > stand.share * n / (times + 1) && witness.pubacks > 0;
    }, { timeout: 60_000, every: 1, state: () => [load.acknowledged, witness.pubacks] });
    await watched.reconnected(async () => {
      await broker[how]();
      await broker.start();
    });
  }
  await publishing;
  const anew = (await gateway.log("mqtt_connected")).filter(({ resumed }) => resumed === false);
  assertEquals(anew.length, persistence ? 1 : times + 1);
  stand.faultOver();
}

scenario(
  "broker restarted under load × 3, its memory on disk",
  { shows: ["P1", "P2", "P3"], always: true },
  async () => {
    await using watched = await WatchedStand.open(301, { broker: PERSISTENT, load: LOAD });
    if (watched === undefined) return;
    await restarted(watched, { times: 3, how: "stop", persistence: true });
    assertEquals(await countOf(watched.stand, "mqtt_session_lost"), 0);
    return await watched.accounted(`${watched.witness.repeated} messages came again`);
  },
);

/** The loss is the broker's, it is told, and with what is missing left out everything is right. */
async function itsOwnLoss(watched: WatchedStand, note: string): Promise<Row> {
  const { row, missing } = await watched.accountedButLost();
  const lost = missing.length.toLocaleString("en-US");
  return {
    ...row,
    note: `${note}: ${lost} messages lost at the broker, none that the gateway had acknowledged`,
  };
}

scenario(
  "broker killed under load × 3, what it saved last on disk",
  { shows: ["P1", "P2", "P3"] },
  async () => {
    await using watched = await WatchedStand.open(302, { broker: PERSISTENT, load: LOAD });
    if (watched === undefined) return;
    await restarted(watched, { times: 3, how: "kill", persistence: true });
    assertEquals(await countOf(watched.stand, "mqtt_session_lost"), 0);
    return await itsOwnLoss(watched, "3 kills");
  },
);

scenario("broker killed under load × 3, without a memory", { shows: ["P1", "P2", "P3"] }, async () => {
  await using watched = await WatchedStand.open(303, { load: LOAD });
  if (watched === undefined) return;
  const { gateway } = watched.stand;
  await restarted(watched, { times: 3, how: "kill", persistence: false });
  const losses = await gateway.log("mqtt_session_lost");
  assertEquals(losses.length, 3);
  for (const { text, from, to } of losses) {
    assert(/messages may have been lost at the broker between .+ and .+/.test(String(text)), String(text));
    assertGreater(Number(to), Number(from));
  }
  // It is subscribed again each time: the last share of the load arrives, see `accountedButLost`.
  assertEquals(await countOf(watched.stand, "mqtt_subscribed"), 4);
  return await itsOwnLoss(watched, "3 kills, told each time");
});
