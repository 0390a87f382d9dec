/**
 * A bad line between the gateway and its database: answers that are cut, swallowed or late, requests that are cut or
 * corrupted, silence. What is not known to be there is sent again, and nothing good is taken for bad.
 */
import { assertGreater } from "@std/assert";
import { Dice } from "../../devices/simulator/dice.ts";
import type { Direction } from "../support/tcp_proxy.ts";
import { until } from "../support/until.ts";
import {
  countOf,
  reachable,
  type Row,
  scenario,
  seedOf,
  Stand,
  type StandOptions,
  type Trouble,
  troubled,
} from "./kit/mod.ts";

/** A request is given up soon, and blocks are small, so that there are many. */
const HASTY: StandOptions = {
  influxdb: { timeout: "1s", batch: { max_points: 500, max_wait: "100ms" } },
  load: { each: 150 },
};

const SILENT: Trouble = {
  state: "away",
  says: /did not answer in time: "No answer within 1000 ms"/,
};

/** Waits until so many attempts failed; every one of them for want of an answer. */
async function failedTimes(stand: Stand, times: number): Promise<void> {
  await until(`${times} requests fail`, async () => await countOf(stand, "influxdb_waiting") >= times, {
    timeout: 60_000,
    every: 60,
    state: () => stand.gateway.stderrNow(),
  });
}

/** The end of each of these scenarios: everything is there once, though some of it was sent twice. */
async function sentAgain(stand: Stand, note: string): Promise<Row> {
  const row = await stand.accounted();
  const { resent } = (await stand.gateway.ledger()).beside;
  assertGreater(resent, 0);
  return { ...row, note: `${note}; ${resent} blocks sent again` };
}

/** Lets one fault after the other happen, each to a share of the load, the first share to none. */
async function inTurn(stand: Stand, faults: readonly (() => Promise<void>)[]): Promise<void> {
  const { load } = stand;
  const part = stand.share / (faults.length + 1);
  await load.publish(Math.round(part));
  for (const [n, fault] of faults.entries()) {
    await reachable(stand);
    await Promise.all([fault(), load.publish(Math.round((n + 2) * part))]);
  }
  stand.faultOver();
}

/** Cuts the line, each time in the middle of a request or an answer: after so many of its bytes. */
async function cuts(
  seed: number,
  direction: Direction,
  places: readonly number[],
  how: "fin" | "rst",
  note: string,
): Promise<Row | undefined> {
  await using stand = await Stand.open(seed, HASTY);
  if (stand === undefined) return;
  const { databaseLine } = stand;
  stand.pastTheFront();
  const faults = places.map((place, n) => async (): Promise<void> => {
    databaseLine.cutAfter(direction, place, how, 2);
    await until("the line is cut", () => !databaseLine.lurking, { timeout: 30_000 });
    await failedTimes(stand, n + 1);
  });
  await inTurn(stand, faults);
  return await sentAgain(stand, note);
}

scenario("answers of the database cut in the middle", { shows: ["P2", "P3"] }, () => {
  const places = [1, 8, 9, 12, 13, 17, 25, 60, 120, 180];
  return cuts(261, "down", places, "fin", `${places.length} cuts, from the first byte on`);
});

scenario("requests to the database reset in the middle", { shows: ["P2", "P3"] }, () => {
  const places = [1, 40, 120, 250, 1_000, 2_000, 3_000, 5_000];
  return cuts(262, "up", places, "rst", `${places.length} resets, in head and body`);
});

scenario(
  "a byte of a request corrupted on its way × 40",
  { shows: ["P2", "P3", "P6"], always: true },
  async () => {
    const seed = seedOf("corrupted bytes");
    await using stand = await Stand.open(seed, HASTY);
    if (stand === undefined) return;
    const { databaseLine } = stand;
    stand.pastTheFront();
    const dice = new Dice(seed);
    // Half of them in the head of a request: its length, its encoding, the name of the database.
    const places = Array.from(
      { length: 40 },
      (_, n) => Math.floor(dice.between(0, n % 2 === 0 ? 300 : 4_000)),
    );
    const faults = places.map((place) => async (): Promise<void> => {
      databaseLine.corruptAfter("up", place);
      await until("the byte is corrupted", () => !databaseLine.lurking, { timeout: 30_000 });
    });
    await inTurn(stand, faults);
    const row = await stand.accounted();
    // What breaks the gzip or the request is refused, and what is refused is searched for bad lines: there are none.
    const [stats] = await stand.database.query("SHOW STATS FOR 'httpd'");
    const refused = Number(stats?.values[0]?.[stats.columns.indexOf("clientError")]);
    assertGreater(refused, 5);
    return { ...row, note: `${refused} requests refused; seed ${seed}` };
  },
);

scenario("answers of the database swallowed", { shows: ["P2", "P3"], always: true }, async () => {
  await using stand = await Stand.open(264, HASTY);
  if (stand === undefined) return;
  const { databaseLine, front } = stand;
  await inTurn(stand, [
    // The database has it, and the connection ends.
    async () => {
      front.rule = () => "swallow";
      await failedTimes(stand, 3);
      front.rule = () => "pass";
    },
    // The database has it, and nothing is heard.
    async () => {
      databaseLine.set("swallow_answers");
      await troubled(stand, SILENT);
      await failedTimes(stand, 5);
      databaseLine.set("pass");
    },
  ]);
  return await sentAgain(stand, "delivered, unheard");
});

scenario("answers of the database after the time-out", { shows: ["P2", "P3"] }, async () => {
  await using stand = await Stand.open(265, HASTY);
  if (stand === undefined) return;
  const { front } = stand;
  await inTurn(stand, [async () => {
    const { delivered } = front;
    front.rule = () => ({ late: 2_000 });
    await troubled(stand, SILENT);
    await failedTimes(stand, 3);
    assertGreater(front.delivered, delivered);
    front.rule = () => "pass";
  }]);
  return await sentAgain(stand, "each was in the database");
});

scenario("line to the database half-open: silence until the time-out", { shows: ["P2", "P3"] }, async () => {
  await using stand = await Stand.open(266, HASTY);
  if (stand === undefined) return;
  const { databaseLine } = stand;
  const silence = async (): Promise<void> => {
    const before = await countOf(stand, "influxdb_waiting");
    databaseLine.set("stall");
    await troubled(stand, SILENT);
    await failedTimes(stand, before + 2);
    databaseLine.set("pass");
  };
  await inTurn(stand, [silence, silence, silence]);
  return await sentAgain(stand, "3 silences");
});
