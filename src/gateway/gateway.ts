import { createApi, type GatewayViews, serveApi } from "../api/mod.ts";
import type { GatewayConfig } from "../config/mod.ts";
import { type Destination, Forwarder } from "../forward/mod.ts";
import type { Intake } from "../ingest/mod.ts";
import { Lifecycle } from "../lifecycle.ts";
import { balanced, type Ledger, type Rules } from "../model/mod.ts";
import { PoisonRecord } from "../pipeline/mod.ts";
import { type Core, openCore } from "./core.ts";
import { observed } from "./events.ts";
import { Housekeeping } from "./housekeeping.ts";
import { makeDestination } from "./make_destination.ts";
import { filtersOf, makeIntake } from "./make_intake.ts";
import { makeNotifiers } from "./make_notifiers.ts";
import { registerMetrics } from "./metrics.ts";
import { Meter } from "./meter.ts";
import type { GatewayPorts } from "./ports.ts";
import { GatewayProblem } from "./problem.ts";
import { makeTelemetry, type Telemetry } from "./telemetry.ts";
import { VERSION } from "./version.ts";
import { cutLedger } from "./views/ledger.ts";
import { makeViews } from "./views/views.ts";

/** How long a stop may take to flush what can be flushed, ms. */
const FLUSH = 10_000;

/** What stage of its life the gateway is in. */
export type Phase = "replaying" | "running" | "stopping";

/** The parts that run; what the views look at. */
export interface Parts {
  readonly core: Core;
  readonly ports: GatewayPorts;
  readonly telemetry: Telemetry;
  readonly housekeeping: Housekeeping;
  readonly startedAt: number;
  readonly received: Meter;
  readonly delivered: Meter;
  phase: Phase;
  rules: Rules;
  config: GatewayConfig;
  configSince: number;
  intake: Intake | undefined;
  destination: Destination | undefined;
  forwarder: Forwarder | undefined;
}

/** The gateway: everything built, wired, started in order and stopped in reverse. */
export class Gateway {
  /** Resolves when a stage fails for good: the process must end and replay. */
  readonly failed: Promise<GatewayProblem>;
  readonly #config: GatewayConfig;
  readonly #rules: Rules;
  readonly #ports: GatewayPorts;
  readonly #lifecycle = new Lifecycle();
  readonly #telemetry: Telemetry;
  #parts: Parts | undefined;
  #address = "";

  /** Opens nothing before `start`. */
  constructor(config: GatewayConfig, rules: Rules, ports: GatewayPorts) {
    this.#config = config;
    this.#rules = rules;
    this.#ports = ports;
    this.#telemetry = makeTelemetry(config, ports);
    const failed = Promise.withResolvers<GatewayProblem>();
    this.failed = failed.promise;
    this.#fail = (error) => {
      const words = error instanceof Error ? error.message : String(error);
      this.#telemetry.observer.event("gateway_failed", "error", { words });
      failed.resolve(
        new GatewayProblem(1, `The gateway failed: ${words}; start it again, nothing acknowledged is lost`, {
          cause: error,
        }),
      );
    };
  }

  readonly #fail: (error: unknown) => void;

  /** Address of the API and its pages. */
  get address(): string {
    return this.#address;
  }

  /** The parts, once they are there. */
  get parts(): Parts {
    if (this.#parts === undefined) throw new GatewayProblem(1, "The gateway is not started");
    return this.#parts;
  }

  /**
   * Recovers, then takes messages in.
   *
   * @throws {GatewayProblem} where it cannot; what was begun is ended again
   */
  async start(): Promise<void> {
    try {
      const parts = await this.#open();
      await this.#serve(makeViews(parts));
      await this.#replay(parts);
      await this.#run(parts);
    } catch (error) {
      await this.#end();
      throw error instanceof GatewayProblem ? error : new GatewayProblem(1, wordsOf(error), { cause: error });
    }
  }

  /** Stops intake, flushes what can be flushed within 10 s, leaves a checkpoint. */
  async stop(): Promise<void> {
    if (this.#parts !== undefined) this.#parts.phase = "stopping";
    this.#telemetry.observer.event("gateway_stopping", "info", {});
    await this.#end();
    this.#telemetry.observer.event("gateway_stopped", "info", {});
    this.#telemetry.observer.flush();
  }

  /** Puts other rules in force, without losing a message or an open window. */
  async reload(config: GatewayConfig, rules: Rules): Promise<void> {
    const parts = this.parts;
    const { core, intake, forwarder } = parts;
    parts.config = config;
    parts.rules = rules;
    parts.configSince = this.#ports.clock.wall();
    core.notifications.replaceNotifiers(
      makeNotifiers(config.notifiers, this.#ports, (name, { event }) => {
        this.#telemetry.observer.event("alert_notified", "warning", {
          notifier: name,
          summary: event.summary,
        });
      }),
    );
    if (JSON.stringify(core.driver.river.rules) !== JSON.stringify(rules)) core.inbox.rules(rules);
    await core.inbox.sync();
    await intake?.setSubscriptions(filtersOf(rules));
    forwarder?.reload();
    await core.driver.checkpoint();
    this.#telemetry.observer.event("configuration_reloaded", "info", { file: config.file });
  }

  /** One consistent cut of the ledger, and whether it balances. */
  ledger(): Ledger & { readonly balanced: boolean } {
    const ledger = cutLedger(this.parts);
    return { ...ledger, balanced: balanced(ledger) };
  }

  /** What waits for the database: points, bytes, and the age of the oldest block, ms. */
  backlog(): { points: number; bytes: number; oldestMs: number | null } {
    const { outbox } = this.parts.core;
    const oldest = outbox.oldestCreatedAt;
    return {
      points: outbox.counts.total.waiting.points,
      bytes: outbox.waitingBytes,
      oldestMs: oldest === undefined ? null : Math.max(0, this.#ports.clock.wall() - oldest),
    };
  }

  async #open(): Promise<Parts> {
    const ports = this.#ports;
    const core = await openCore(this.#config, ports, this.#lifecycle, this.#telemetry);
    core.onFatal = this.#fail;
    const { observer } = this.#telemetry;
    const parts: Parts = this.#parts = {
      core,
      ports,
      telemetry: this.#telemetry,
      housekeeping: new Housekeeping(core, ports.files, ports.clock, observer),
      startedAt: ports.clock.wall(),
      received: new Meter(() => core.driver.river.totals.received),
      delivered: new Meter(() => core.outbox.counts.total.delivered.points),
      phase: "replaying",
      rules: this.#rules,
      config: this.#config,
      configSince: ports.clock.wall(),
      intake: undefined,
      destination: undefined,
      forwarder: undefined,
    };
    registerMetrics(parts);
    return parts;
  }

  async #serve(views: GatewayViews): Promise<void> {
    const { listen, tokens, tls } = this.#config.api;
    const { clock, randomId } = this.#ports;
    const api = createApi(views, {
      version: VERSION,
      listenHost: listen.hostname,
      tokens: tokens.map(({ name, role, sha256 }) => ({ name, role, hash: `sha256:${sha256}` })),
      clock,
      randomId,
      onEvent: (name, level, facts) => this.#telemetry.observer.event(name, level, facts),
    });
    if (!("fetch" in api)) throw new GatewayProblem(2, api.text);
    const served = await serveApi(api, {
      host: listen.hostname,
      port: listen.port,
      clock,
      ...(tls === undefined ? {} : { tls: { cert: tls.cert, key: tls.key.reveal() } }),
    });
    if ("reason" in served) throw new GatewayProblem(1, served.text);
    this.#lifecycle.began("api", () => served.close());
    const host = listen.hostname.includes(":") ? `[${listen.hostname}]` : listen.hostname;
    this.#address = `${tls === undefined ? "http" : "https"}://${host}:${served.port}`;
  }

  async #replay({ core }: Parts): Promise<void> {
    const began = this.#ports.clock.monotonic();
    await core.folder.mark.begin();
    try {
      const records = await core.driver.replay(core.folder.mark);
      const ms = Math.round(this.#ports.clock.monotonic() - began);
      if (records > 0) this.#telemetry.observer.event("replayed", "info", { records, ms });
    } catch (error) {
      if (!(error instanceof PoisonRecord)) throw error;
      throw new GatewayProblem(1, `${error.message}: it is left out at the next start`, { cause: error });
    }
    core.time.continueAt(core.driver.river.elapsed);
  }

  async #run(parts: Parts): Promise<void> {
    const { core, ports } = parts;
    const { observer } = this.#telemetry;
    this.#lifecycle.began("last checkpoint", async () => {
      await core.driver.stop();
      if (!core.driver.failed) await core.driver.checkpoint();
    });
    core.inbox.onLatency((ms) => this.#telemetry.durable.observe(ms / 1_000));
    core.notifications.start();
    this.#lifecycle.began("notifications", () => core.notifications.stop(2_000));
    this.#startForwarder(parts);
    // Acknowledgements go out before the group is processed, so the intake listens to the inbox first.
    const intake = makeIntake(
      this.#config,
      {
        rules: this.#rules,
        formerFilters: filtersOf(core.formerRules),
        lastConnectedAt: core.newest.takenAt ?? undefined,
      },
      core.inbox,
      ports,
      observed(observer, "mqtt"),
    );
    parts.intake = intake;
    core.counters.brokerDropped = () => intake.status.brokerDropped ?? 0;
    intake.onSubscribed((subscribed) => {
      core.time.run(subscribed);
      core.driver.timeChanged();
    });
    core.driver.start(this.#rules);
    await core.inbox.sync();
    parts.housekeeping.start(() => {
      parts.received.look();
      parts.delivered.look();
    });
    this.#lifecycle.began("housekeeping", () => parts.housekeeping.stop());
    await intake.start();
    this.#lifecycle.began("intake", async () => {
      await intake.stop();
      core.driver.pump();
    });
    parts.phase = "running";
    observer.event("gateway_started", "info", {
      version: VERSION,
      api: this.#address,
      data: core.folder.path,
    });
  }

  #startForwarder(parts: Parts): void {
    const { core, ports } = parts;
    const { influxdb } = this.#config;
    if (influxdb === undefined) return;
    const destination = makeDestination(influxdb, ports.clock, ports.readText);
    const forwarder = new Forwarder({
      destination,
      outbox: core.outbox,
      retry: influxdb.retry,
      clock: ports.clock,
      random: ports.random,
      onEvent: observed(this.#telemetry.observer, "influxdb"),
    });
    parts.destination = destination;
    parts.forwarder = forwarder;
    core.counters.resent = () => forwarder.status.resent;
    forwarder.start();
    this.#lifecycle.began("forwarder", async () => {
      core.outbox.seal();
      await forwarder.stop(FLUSH);
      destination.close();
    });
  }

  async #end(): Promise<void> {
    await this.#lifecycle.end((name, error) => {
      this.#telemetry.observer.event("stop_failed", "error", { part: name, words: wordsOf(error) });
    });
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
