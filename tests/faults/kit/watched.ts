import { assertEquals } from "@std/assert";
import { expectedPoints, type PointTable, type Published } from "../../support/oracle.ts";
import { LineWitness } from "../../support/line_witness.ts";
import { countsOf, expectedCounts, wrongIn } from "../../support/river_site.ts";
import { until } from "../../support/until.ts";
import type { Row } from "./row.ts";
import { Stand, type StandOptions } from "./stand.ts";

/** A stand whose broker line somebody watches who is neither broker nor gateway. */
export class WatchedStand implements AsyncDisposable {
  private constructor(readonly stand: Stand, readonly witness: LineWitness) {}

  /**
   * Opens a stand whose gateway tries again soon, and watches its broker line from the first byte on. The line is the
   * session's alone: without probes there is no second client on it.
   *
   * @returns the stand, or `undefined` where a service is not installed (the reason was printed)
   */
  static async open(seed: number, options: StandOptions = {}): Promise<WatchedStand | undefined> {
    const stand = await Stand.open(seed, {
      ...options,
      mqtt: { probe: "0s", ...options.mqtt },
      shortWaits: true,
      stopped: true,
    });
    if (stand === undefined) return undefined;
    const watched = new WatchedStand(stand, new LineWitness(stand.brokerLine));
    if (options.stopped !== true) {
      await stand.gateway.start();
      await stand.gateway.ready();
    }
    return watched;
  }

  /**
   * Lets something happen that costs the gateway its connection, and waits until another one stands.
   *
   * @param fault done when the connection is broken, or sure to be
   */
  async reconnected(fault: () => void | Promise<void>): Promise<void> {
    const { gateway } = this.stand;
    const connections = async (): Promise<number> => (await gateway.log("mqtt_connected")).length;
    const before = await connections();
    await fault();
    await until("another connection stands", async () => await connections() > before, {
      timeout: 60_000,
      every: 20,
      state: () => gateway.stderrNow(),
    });
  }

  /** Like `stand.accounted`; besides, no PUBACK went out on a connection that had not delivered its message. */
  async accounted(note?: string): Promise<Row> {
    const row = await this.stand.accounted(note);
    assertEquals(this.witness.strays, []);
    return row;
  }

  /**
   * The phase without faults where the broker itself has lost messages. What is missing was never acknowledged by the
   * gateway, and everything else is as if the missing ones had never been published: database, ledger, quarantine.
   *
   * @returns the row, and the messages that are missing
   */
  async accountedButLost(): Promise<{ row: Row; missing: Published[] }> {
    const { stand, witness } = this;
    const { load, gateway } = stand;
    const faulty = load.sent.length;
    await load.publish();
    await load.settled();
    await until("the last messages are acknowledged by the gateway", () => {
      return load.sent.slice(faulty).every((message) => witness.acknowledged(message));
    }, {
      timeout: 60_000,
      every: 50,
      state: () => [witness.deliveries, witness.pubacks, gateway.stderrNow()],
    });
    const { ledger, content, recovered } = await stand.atRest(0);
    const taken: Published[] = [];
    const missing: Published[] = [];
    const held = rawTimes(content);
    for (const message of load.sent) (held.has(placeOf(message)) ? taken : missing).push(message);
    const expected = expectedPoints(taken, await gateway.rules());
    assertEquals(missing.filter((message) => witness.acknowledged(message)), []);
    assertEquals(wrongIn(expected.points, content), []);
    assertEquals(countsOf(ledger), expectedCounts(expected));
    assertEquals([ledger.balanced, ledger.rebased], [true, []]);
    assertEquals(await stand.quarantined(), expected.quarantined + expected.rejected);
    assertEquals(witness.strays, []);
    return { row: stand.row(ledger, expected, content, recovered), missing };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stand[Symbol.asyncDispose]();
  }
}

/** Devices and times of the points that are written for every message by itself. */
function rawTimes(content: PointTable): Set<string> {
  const found = new Set<string>();
  for (const { key, columns, rows } of content.series()) {
    const device = /"device":"([^"]*)"/.exec(key)?.[1];
    const raw = columns.findIndex(({ name }) => name.startsWith("raw_"));
    for (const [time, row] of rows) if (row[raw] !== undefined) found.add(`${device} ${time / 1_000_000n}`);
  }
  return found;
}

/** Device and time of a message of the load. */
function placeOf({ topic, payload }: Published): string {
  const { ts, time } = JSON.parse(payload);
  return `${topic.split("/").at(-1)} ${ts ?? Math.round(time * 1_000)}`;
}
