import { assert, assertEquals } from "@std/assert";
import type { LedgerAnswer } from "../../../src/api/mod.ts";
import { GatewayProcess, type Section } from "../../support/gateway_process.ts";
import { HttpFront } from "../../support/http_front.ts";
import type { Influxd, InfluxdOptions } from "../../support/influxd.ts";
import { Load, type LoadOptions } from "../../support/load.ts";
import { freePort } from "../../support/ports.ts";
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
  /** Keys of its `mqtt` section beside the usual ones. */
  readonly mqtt?: Section;
  /** The gateway is the broker: the broker line lies between the devices and it. */
  readonly embedded?: true;
  /** Texts of the gateway's profiles by their names; default: `siteProfiles`. */
  readonly profiles?: Readonly<Record<string, string>>;
  /** Environment of the gateway's process. */
  readonly env?: Readonly<Record<string, string>>;
  /** The load; default 50 devices, 100 messages each, spread over half an hour, as fast as the broker takes them. */
  readonly load?: Partial<LoadOptions>;
  /** Its back-offs are as short as they can be, see tests/support/short_waits.ts. */
  readonly shortWaits?: true;
  /** The gateway is left to the scenario to start. */
  readonly stopped?: boolean;
}

/** What is there when nothing is on its way any more. */
export interface AtRest {
  readonly ledger: LedgerAnswer;
  /** What must be in the database. */
  readonly expected: Expectation;
  /** What is in it. */
  readonly content: PointTable;
  /** Seconds from the end of the fault until nothing waited any more. */
  readonly recovered: number;
}

/** Flags of Deno that shorten a gateway's back-offs. */
const SHORT_WAITS = ["--preload", new URL("../../support/short_waits.ts", import.meta.url).pathname];

/** Checkpoints now and then, so that faults fall before, into and after them. */
const BUFFER: Section = { max_bytes: "256MiB", checkpoint: { after_bytes: "256KiB", at_most: "1s" } };

/**
 * Device time for the phase without faults, ms. It completes every window that fell idle while the fault lasted, and the
 * longest (1 min, held for 30 s) too: such a window is written again when it is forgotten, else only a minute later.
 */
const QUIET = 120_000;

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
    const embedded = options.embedded === true ? freePort() : undefined;
    const brokerLine = site.use(await TcpProxy.open(embedded ?? site.broker.port));
    const line = `mqtt://127.0.0.1:${brokerLine.port}`;
    const mqtt = {
      url: embedded === undefined ? line : `embedded://127.0.0.1:${embedded}`,
      client_id: "sluice-test",
      ...options.mqtt,
    };
    const influxdb = {
      url: `http://127.0.0.1:${databaseLine.port}`,
      version: 1,
      database: "telemetry",
      ...PACE,
      ...options.influxdb,
    };
    const config = siteConfig(line, influxdb, { mqtt, buffer: BUFFER, ...options.config });
    const gateway = site.use(
      await GatewayProcess.create({
        config,
        profiles: options.profiles ?? await siteProfiles(),
        ...(options.env === undefined ? {} : { env: options.env }),
      }),
    );
    const start = async (): Promise<void> => {
      if (options.shortWaits === true) gateway.rights = [...gateway.rights, ...SHORT_WAITS];
      if (options.stopped === true) return;
      await gateway.start();
      await gateway.ready();
    };
    if (embedded !== undefined) await start();
    const url = embedded === undefined ? site.broker.url() : line;
    const load = site.use(
      await Load.connect({ url, seed, each: 100, spread: 30 * 60_000, ...options.load }),
    );
    if (embedded === undefined) await start();
    stack.move();
    return new Stand(site, gateway, { brokerLine, databaseLine, front }, load, config);
  }

  /** Ends something with the stand, before the rest. */
  use<T extends AsyncDisposable>(part: T): T {
    return this.#site.use(part);
  }

  /** From here on the gateway's line leads to the database itself, past the front. */
  pastTheFront(): void {
    this.databaseLine.target = Number(new URL(this.database.url).port);
    this.databaseLine.cut();
  }

  /** Writes the gateway's configuration anew, with these sections in the place of the usual ones. */
  async configure(more: Section): Promise<void> {
    await this.gateway.configure({ ...this.#config, ...more });
  }

  /** Writes it anew, with these keys in the place of those of its `influxdb` section. */
  async configureDatabase(more: Section): Promise<void> {
    await this.configure({ influxdb: { ...Object(this.#config.influxdb), ...more } });
  }

  /**
   * The messages that a scenario publishes while its fault lasts: all but the last `QUIET` of each device's time, and
   * at least two of each.
   */
  get share(): number {
    const { total, devices, interval } = this.load;
    return total - devices * Math.max(2, Math.ceil(QUIET / interval));
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
   * @param keeps `newest`: so much was refused that the quarantine's quota lets go of the oldest entries
   */
  async accounted(note?: string, keeps: "all" | "newest" = "all"): Promise<Row> {
    const { ledger, expected, content, recovered } = await this.atRest();
    assertEquals(countsOf(ledger), expectedCounts(expected));
    assertEquals([ledger.balanced, ledger.rebased], [true, []]);
    const [kept, refused] = [await this.quarantined(), expected.quarantined + expected.rejected];
    if (keeps === "all") assertEquals(kept, refused);
    else assert(kept <= refused && (kept > 0 || refused === 0), `${kept} of ${refused} refusals are kept`);
    const row = this.row(ledger, expected, content, recovered, note);
    const wrong = compare(expected.points, content).slice(0, 10).map(differenceText);
    assertEquals({ lost: row.lost, doubled: row.doubled, wrong }, { lost: 0, doubled: 0, wrong: [] });
    return row;
  }

  /**
   * The phase without faults: everything passes, the rest of the load is published, the gateway comes to rest. For
   * scenarios with an equation of their own; the others call `accounted`.
   *
   * @param messages that the gateway receives, as far as is known; default all
   */
  async atRest(messages = this.load.total): Promise<AtRest> {
    if (this.#over === undefined) this.faultOver();
    this.brokerLine.set("pass");
    this.databaseLine.set("pass");
    this.front.rule = () => "pass";
    await this.load.publish();
    await this.load.settled();
    const ledger = await this.gateway.atRest(messages, 120_000).catch(async (error) => {
      throw new Error(`${error.message}\n${await this.#whatIsKnown()}`);
    });
    const recovered = this.sinceOver;
    return { ledger, recovered, expected: await this.expected(), content: await this.content() };
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

  /** Where things stand, for the message of a wait that gave up. */
  async #whatIsKnown(): Promise<string> {
    const status = await this.gateway.get("/api/v1/status").then(({ text }) => text, String);
    const ready = await this.gateway.get("/readyz").then(({ text }) => text, String);
    const { brokerLine, front } = this;
    const passed = { broker: brokerLine.passed, connections: brokerLine.connections, writes: front.writes };
    const broker = (await this.broker.log()).split("\n").slice(-15).join("\n");
    return [status, ready, JSON.stringify(passed), this.gateway.stderrNow(), broker].join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#site[Symbol.asyncDispose]();
  }
}
