import type { GatewayConfig } from "../config/mod.ts";
import type { Intake } from "../ingest/mod.ts";
import { MissingKey } from "../enrich/mod.ts";
import { Lifecycle } from "../lifecycle.ts";
import { balanced, type Ledger, type Rules } from "../model/mod.ts";
import { type Asker, BY_SIGNAL, type Reloaded } from "./configuration.ts";
import { openCore } from "./core.ts";
import { observed } from "./events.ts";
import { withoutKey } from "./keyring.ts";
import { filtersOf, makeIntake } from "./make_intake.ts";
import { makeParts } from "./make_parts.ts";
import { registerMetrics } from "./metrics.ts";
import type { Parts } from "./parts.ts";
import type { GatewayPorts } from "./ports.ts";
import { startPulse } from "./pulse.ts";
import { GatewayProblem } from "./problem.ts";
import { serve } from "./serve.ts";
import { shownIntakeEvent } from "./shown_intake_event.ts";
import { startForwarder } from "./start_forwarder.ts";
import { makeTelemetry, type Telemetry } from "./telemetry.ts";
import { VERSION } from "./version.ts";
import { cutLedger } from "./views/ledger.ts";

/** Starts before the gateway gives up: the third goes record by record, the fourth leaves the culprit out. */
const ATTEMPTS = 6;
/** How long a replay waits for the local history, ms. */
const HISTORY = 1_000;

/** The gateway: everything built, wired, started in order and stopped in reverse. */
export class Gateway {
  /** Resolves when a stage fails for good: the process must end and replay. */
  readonly failed: Promise<GatewayProblem>;
  readonly #config: GatewayConfig;
  readonly #rules: Rules;
  readonly #ports: GatewayPorts;
  readonly #lifecycle = new Lifecycle();
  #telemetry: Telemetry;
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
    for (let attempt = 1;; attempt++) {
      try {
        const parts = await this.#open();
        this.#address = await serve(parts, this.#lifecycle);
        await this.#replay(parts);
        await this.#run(parts);
        return;
      } catch (error) {
        await this.#end();
        if (error instanceof ReplayFailed && attempt < ATTEMPTS) {
          this.#telemetry.observer.event("replay_failed", "error", { attempt, words: error.message });
          continue;
        }
        throw error instanceof GatewayProblem
          ? error
          : new GatewayProblem(1, wordsOf(error), { cause: error });
      }
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

  /** Reads the configuration anew and puts it in force, without losing a message or an open window. */
  async reload(by: Asker = BY_SIGNAL): Promise<Reloaded> {
    return await this.parts.configuration.reload(by);
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
    this.#telemetry = makeTelemetry(this.#config, ports);
    const core = await openCore(this.#config, this.#rules, ports, this.#lifecycle, this.#telemetry);
    core.onFatal = this.#fail;
    const parts = this.#parts = makeParts(core, this.#config, this.#rules, ports, this.#telemetry);
    registerMetrics(parts);
    return parts;
  }

  async #replay({ core }: Parts): Promise<void> {
    const { clock } = this.#ports;
    const began = clock.monotonic();
    // On a full disk there is no mark, hence no guard against a record that kills the replay; there is a replay.
    await core.folder.mark.begin().catch((error) => {
      this.#telemetry.observer.event("replay_mark_failed", "error", { words: wordsOf(error) });
    });
    // What the history has of the records that come again must be known before; without that it leaves them all out.
    if (core.inbox.last > core.driver.river.position) {
      core.history?.begin();
      await core.history?.opened(HISTORY);
    }
    try {
      const records = await core.driver.replay(core.folder.mark, this.#rules);
      const ms = Math.round(clock.monotonic() - began);
      if (records > 0) this.#telemetry.observer.event("replayed", "info", { records, ms });
    } catch (error) {
      if (error instanceof MissingKey) throw withoutKey(error);
      throw new ReplayFailed(1, `The replay failed: ${wordsOf(error)}; see the log`, { cause: error });
    }
    core.time.continueAt(core.driver.river.elapsed);
    core.inbox.continueFrom(core.driver.river.connection);
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
    startForwarder(parts, this.#lifecycle);
    const onIntake = observed(observer, "mqtt");
    // Acknowledgements go out before the group is processed, so the intake listens to the inbox first.
    const intake = parts.intake = makeIntake(
      this.#config,
      {
        rules: this.#rules,
        formerFilters: filtersOf(core.formerRules),
        lastConnectedAt: core.newest.takenAt ?? undefined,
        formerDropped: core.counters.snapshot().brokerFigure,
        echo: core.publisher.echo,
      },
      core.inbox,
      ports,
      (event) => onIntake(shownIntakeEvent(event, core.driver.river)),
    );
    core.counters.ownDropped = () => intake.status;
    intake.onSubscribed((subscribed) => {
      core.time.run(subscribed);
      core.driver.timeChanged();
    });
    core.requests.begin();
    this.#lifecycle.began("pulse", startPulse(core.time, ports.clock));
    core.driver.start(this.#rules);
    // Where the disk takes nothing now, the record waits in memory and is tried again.
    await core.inbox.sync().catch(() => {});
    parts.housekeeping.start(() => {
      parts.received.look();
      parts.delivered.look();
      parts.live.look();
    });
    this.#lifecycle.began("housekeeping", () => parts.housekeeping.stop());
    await intake.start();
    // Its thread takes a while to begin, and messages need not wait for it.
    core.history?.begin();
    this.#tellAgain(parts, intake);
    this.#lifecycle.began("intake", async () => {
      await intake.stop();
      core.driver.pump();
    });
    parts.phase = "running";
    observer.event("gateway_started", "info", {
      version: VERSION,
      api: this.#address,
      data: core.folder.path,
      configuration: parts.config.file,
    });
  }

  /** A broker inside this process has just begun, and has forgotten what it retained. */
  #tellAgain({ core, config }: Parts, intake: Intake): void {
    core.publisher.began(intake);
    if (config.mqtt.embedded === undefined) return;
    for (const [name, event] of core.standingAlerts.retained(config.notifiers)) {
      core.notifications.tell(name, event);
    }
  }

  async #end(): Promise<void> {
    await this.#lifecycle.end((name, error) => {
      this.#telemetry.observer.event("stop_failed", "error", { part: name, words: wordsOf(error) });
    });
  }
}

/** What the inbox held could not be taken in; a later attempt goes record by record and leaves the culprit out. */
class ReplayFailed extends GatewayProblem {}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
