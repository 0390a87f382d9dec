import { assert, assertEquals } from "@std/assert";
import type { LedgerAnswer } from "../../../src/api/mod.ts";
import type { GatewayProcess } from "../../support/gateway_process.ts";
import { LiveDevices } from "../../support/live_devices.ts";
import type { MosquittoOptions } from "../../support/mosquitto.ts";
import { expectedPoints } from "../../support/oracle.ts";
import {
  contentOf,
  countsOf,
  expectedCounts,
  influx1,
  siteConfig,
  siteProfiles,
  wrongIn,
} from "../../support/river_site.ts";
import { Site } from "../../support/site.ts";
import { until } from "../../support/until.ts";
import type { Row } from "./row.ts";

/**
 * Where absences take place, whose length is what they are about: devices that report in real time, windows of 2 s that are
 * idle after a second and held for another, and an alert for who is silent for 3 s.
 */
export class LiveStand implements AsyncDisposable {
  #over = 0;

  private constructor(
    readonly site: Site,
    readonly gateway: GatewayProcess,
    readonly devices: LiveDevices,
  ) {}

  /**
   * Starts broker, database and gateway, and connects so many devices.
   *
   * @returns the stand, or `undefined` where a service is not installed (the reason was printed)
   */
  static async open(devices: number, broker?: MosquittoOptions): Promise<LiveStand | undefined> {
    await using stack = new AsyncDisposableStack();
    const site = await Site.open(broker === undefined ? {} : { broker });
    if (site === undefined) return undefined;
    stack.use(site);
    const config = siteConfig(site.broker.url(), influx1(site.database), {
      downsample: { every: "2s", lateness: "500ms", idle_after: "1s", hold: "1s" },
      alerts: [{ name: "silent", silent_for: "3s" }],
    });
    const gateway = await site.gateway({ config, profiles: await siteProfiles() });
    const connected = site.use(await LiveDevices.connect(site.broker.url(), devices));
    stack.move();
    return new LiveStand(site, gateway, connected);
  }

  /** Waits until every device has been heard since now, and some windows are written. */
  async flowing(): Promise<void> {
    const before = (await this.gateway.ledger()).points.delivered;
    await until("the river flows", async () => {
      return (await this.gateway.ledger()).points.delivered >= before + 25;
    }, { timeout: 60_000, every: 100 });
  }

  /** Waits until the gateway has received all but the last few of what the devices said. */
  async caughtUp(but: number): Promise<void> {
    await until("it has caught up", async () => {
      return (await this.gateway.ledger()).messages.received >= this.devices.sent.length - but;
    }, { timeout: 60_000, every: 100 });
  }

  /** Alerts that fired, by device. */
  async fired(): Promise<string[]> {
    return (await this.gateway.log("alert_firing")).map((line) => String(line.device));
  }

  /** The absence is over: from here the recovery is timed. */
  absenceOver(): void {
    this.#over = performance.now();
  }

  /** Waits until nothing is on its way: every window is complete, nothing was late, and the ledger says so. */
  async complete(note?: string): Promise<Row> {
    const { devices, gateway, site } = this;
    await devices.settled();
    const ledger = await gateway.atRest(devices.sent.length);
    const recovered = (performance.now() - this.#over) / 1_000;
    const expected = expectedPoints(devices.sent, await gateway.rules());
    const content = await contentOf(site.database, ["climate"]);
    assertEquals(countsOf(ledger), expectedCounts(expected));
    assertEquals(wrongIn(expected.points, content), []);
    assert(ledger.balanced);
    return this.row(ledger, content.points, recovered, note);
  }

  /** The line of the table, where everything was as it must be. */
  row(ledger: LedgerAnswer, points: number, recovered: number, note?: string): Row {
    const { length: published } = this.devices.sent;
    return {
      published,
      acknowledged: published,
      points,
      quarantined: ledger.messages.quarantined,
      lost: 0,
      doubled: 0,
      recovered,
      ...(note === undefined ? {} : { note }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.site[Symbol.asyncDispose]();
  }
}
