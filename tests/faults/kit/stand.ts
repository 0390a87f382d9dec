import { assertEquals } from "@std/assert";
import type { LedgerAnswer } from "../../../src/api/mod.ts";
import { GatewayProcess, type Section } from "../../support/gateway_process.ts";
import { HttpFront } from "../../support/http_front.ts";
import type { Influxd, InfluxdOptions } from "../../support/influxd.ts";
import { Load, type LoadOptions } from "../../support/load.ts";
import type { Mosquitto, MosquittoOptions } from "../../support/mosquitto.ts";
import {
  compare,
  differenceText,
  type Expectation,
  expectedPoints,
  type PointTable,
} from "../../support/oracle.ts";
import {
  contentOf,
  countsOf,
  expectedCounts,
  PACE,
  siteConfig,
  siteProfiles,
} from "../../support/river_site.ts";
import { Site } from "../../support/site.ts";
import { TcpProxy } from "../../support/tcp_proxy.ts";
import type { Row } from "./row.ts";

/** What is special about the stand of a scenario. */
export interface StandOptions {
  readonly broker?: MosquittoOptions;
  readonly database?: InfluxdOptions;
  /** Sections of the gateway's configuration in the place of the usual ones. */
  readonly config?: Section;
  /** Keys of its `influxdb` section beside the usual ones. */
  readonly influxdb?: Section;
  /** Environment of the gateway's process. */
  readonly env?: Readonly<Record<string, string>>;
  /** The load; default 50 devices, 100 messages each, spread over half an hour, as fast as the broker takes them. */
  readonly load?: Partial<LoadOptions>;
  /** The gateway is left to the scenario to start. */
  readonly stopped?: boolean;
}

/** Checkpoints now and then, so that faults fall before, into and after them. */
const BUFFER: Section = { max_bytes: "256MiB", checkpoint: { after_bytes: "256KiB", at_most: "1s" } };

/**
 * Where a scenario takes place: a real mosquitto and a real InfluxDB, the gateway as its own process, devices that know
 * what the broker acknowledged, and between any two of them something that can break.
 *
 *     devices ──► mosquitto ──brokerLine──► gateway ──databaseLine──► front ──► InfluxDB
 */
export class Stand implements AsyncDisposable {
  readonly broker: Mosquitto;
  readonly database: Influxd;
  readonly gateway: GatewayProcess;
  /** Between the broker and the gateway. */
  readonly brokerLine: TcpProxy;
  /** Between the gateway and the database, as a line. */
  readonly databaseLine: TcpProxy;
  /** Between the gateway and the database, as HTTP. */
  readonly front: HttpFront;
  readonly load: Load;
  readonly #site: Site;
  readonly #config: Section;
  #over: number | undefined;

  private constructor(
    site: Site,
    gateway: GatewayProcess,
    lines: Pick<Stand, "brokerLine" | "databaseLine" | "front">,
    load: Load,
    config: Section,
  ) {
    this.#site = site;
    this.#config = config;
    this.broker = site.broker;
    this.database = site.database;
    this.gateway = gateway;
    this.brokerLine = lines.brokerLine;
    this.databaseLine = lines.databaseLine;
    this.front = lines.front;
    this.load = load;
  }

  /**
   * Starts everything, the last the gateway, and waits until it is ready.
   *
   * @returns the stand, or `undefined` where a service is not installed (the reason was printed)
   */
  static async open(seed: number, options: StandOptions = {}): Promise<Stand | undefined> {
    await using stack = new AsyncDisposableStack();
    const site = await Site.open({
      ...(options.broker === undefined ? {} : { broker: options.broker }),
      ...(options.database === undefined ? {} : { database: options.database }),
    });
    if (site === undefined) return undefined;
    stack.use(site);
    const front = site.use(new HttpFront(site.database.url));
    const databaseLine = site.use(await TcpProxy.open(Number(new URL(front.url).port)));
    const brokerLine = site.use(await TcpProxy.open(site.broker.port));
    const influxdb = {
      url: `http://127.0.0.1:${databaseLine.port}`,
      version: 1,
      database: "telemetry",
      ...PACE,
      ...options.influxdb,
    };
    const config = siteConfig(`mqtt://127.0.0.1:${brokerLine.port}`, influxdb, {
      buffer: BUFFER,
      ...options.config,
    });
    const gateway = site.use(
      await GatewayProcess.create({
        config,
        profiles: await siteProfiles(),
        ...(options.env === undefined ? {} : { env: options.env }),
      }),
    );
    const load = site.use(
      await Load.connect({ url: site.broker.url(), seed, each: 100, spread: 30 * 60_000, ...options.load }),
    );
    if (options.stopped !== true) {
      await gateway.start();
      await gateway.ready();
    }
    stack.move();
    return new Stand(site, gateway, { brokerLine, databaseLine, front }, load, config);
  }

  /** Ends something with the stand, before the rest. */
  use<T extends AsyncDisposable>(part: T): T {
    return this.#site.use(part);
  }

  /** Writes the gateway's configuration anew, with these sections in the place of the usual ones. */
  async configure(more: Section): Promise<void> {
    await this.gateway.configure({ ...this.#config, ...more });
  }

  /** The messages that a scenario publishes while its fault lasts: all but two of each device. */
  get share(): number {
    return this.load.total - 2 * this.load.devices;
  }

  /** The fault is over: from here the recovery is timed. */
  faultOver(): void {
    this.#over = performance.now();
  }

  /** Seconds since the fault was over. */
  get sinceOver(): number {
    return (performance.now() - (this.#over ?? performance.now())) / 1_000;
  }

  /** What must be in the database, computed from what was published and not by the gateway. */
  async expected(): Promise<Expectation> {
    return expectedPoints(this.load.sent, await this.gateway.rules());
  }

  /** What is in the database. */
  async content(): Promise<PointTable> {
    return await contentOf(this.database);
  }

  /**
   * The phase without faults that ends every scenario: everything passes, the rest of the load is published, the
   * gateway comes to rest; then the database, the ledger and the quarantine are held against what was published, and
   * must be exactly that.
   *
   * @param note for the table
   */
  async accounted(note?: string): Promise<Row> {
    if (this.#over === undefined) this.faultOver();
    this.brokerLine.set("pass");
    this.databaseLine.set("pass");
    this.front.rule = () => "pass";
    await this.load.publish();
    await this.load.settled();
    const ledger = await this.gateway.atRest(this.load.sent.length, 120_000);
    const recovered = this.sinceOver;
    const expected = await this.expected();
    const content = await this.content();
    assertEquals(countsOf(ledger), expectedCounts(expected));
    assertEquals([ledger.balanced, ledger.rebased], [true, []]);
    assertEquals(await this.quarantined(), expected.quarantined + expected.rejected);
    const row = this.row(ledger, expected, content, recovered, note);
    const wrong = compare(expected.points, content).slice(0, 10).map(differenceText);
    assertEquals({ lost: row.lost, doubled: row.doubled, wrong }, { lost: 0, doubled: 0, wrong: [] });
    return row;
  }

  /** Entries that the quarantine lists. */
  async quarantined(): Promise<number> {
    let [count, cursor] = [0, ""];
    do {
      const { body } = await this.gateway.get(`/api/v1/quarantine?limit=500${cursor}`);
      count += body.items.length;
      cursor = body.next_cursor === null ? "" : `&cursor=${encodeURIComponent(body.next_cursor)}`;
    } while (cursor !== "");
    return count;
  }

  /** The line of the table. */
  row(
    ledger: LedgerAnswer,
    expected: Expectation,
    content: PointTable,
    recovered: number,
    note?: string,
  ): Row {
    const differences = compare(expected.points, content);
    const missing = differences.filter((difference) => difference.kind === "missing").length;
    const once = ledger.messages.received - ledger.messages.duplicate;
    return {
      published: this.load.sent.length,
      acknowledged: this.load.acknowledged,
      points: content.points,
      quarantined: expected.quarantined + expected.rejected,
      lost: missing,
      doubled: differences.length - missing + Math.max(0, once - expected.messages),
      recovered,
      ...(note === undefined ? {} : { note }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#site[Symbol.asyncDispose]();
  }
}
