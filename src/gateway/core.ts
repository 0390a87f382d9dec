import { Inbox, JournalTime, Outbox, Quarantine, type Tally } from "../buffer/mod.ts";
import type { GatewayConfig } from "../config/mod.ts";
import { encodeLine } from "../forward/mod.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { Rules } from "../model/mod.ts";
import { NotifyQueue } from "../notify/mod.ts";
import { Driver, EMPTY_RULES, PoisonRecord, restoreRiver, River } from "../pipeline/mod.ts";
import { AlertHistory } from "./alert_history.ts";
import { type Banks, makeBanks, type Rebase } from "./banks.ts";
import { type DataFolder, openDataFolder } from "./data_folder.ts";
import { deadLetter } from "./dead_letter.ts";
import { makeNotifiers } from "./make_notifiers.ts";
import type { GatewayPorts } from "./ports.ts";
import { observed } from "./events.ts";
import type { Telemetry } from "./telemetry.ts";
import { VERSION } from "./version.ts";

/** Bytes of waiting blocks that stay in memory alone. */
const OUTBOX_MEMORY = 16 * 1024 * 1024;

/** Everything between the two ends, recovered and ready: journals, river, outbox, notifications. */
export interface Core {
  readonly config: GatewayConfig;
  readonly folder: DataFolder;
  readonly inbox: Inbox;
  readonly time: JournalTime;
  readonly outbox: Outbox;
  readonly quarantine: Quarantine;
  readonly notifications: NotifyQueue;
  readonly alertHistory: AlertHistory;
  readonly driver: Driver<Banks>;
  /** The rules that an earlier process ran under. */
  readonly formerRules: Rules;
  /** The newest checkpoint, before and after the start. */
  readonly newest: { takenAt: number | null; bytes: number };
  /** Counters that go on over restarts. */
  readonly counters: Counters;
  /** What happens when a stage fails for good. */
  onFatal: (error: unknown) => void;
}

/** Counters that no part keeps by itself. */
export interface Counters {
  readonly since: number;
  readonly rebased: Rebase[];
  /** Counted by earlier processes. */
  readonly resentBefore: number;
  readonly brokerDroppedBefore: number;
  /** Counted by this process. */
  resent: () => number;
  brokerDropped: () => number;
}

/**
 * Opens the data folder and builds everything between intake and forwarder; the replay is the caller's to run.
 *
 * @throws {GatewayProblem} where the folder cannot be used
 */
export async function openCore(
  config: GatewayConfig,
  ports: GatewayPorts,
  lifecycle: Lifecycle,
  telemetry: Telemetry,
): Promise<Core> {
  const { observer } = telemetry;
  const journal = observed(observer, "journal");
  const fatal: { handle: (error: unknown) => void } = { handle: () => {} };
  const folder = await openDataFolder(config, ports, lifecycle, (name, event) => {
    journal(event, { journal: name });
    if (event.kind === "fatal") fatal.handle(new Error(`The ${name} cannot be synced: ${event.detail}`));
    if (event.kind === "write_recovered") folder.inbox.writableAgain();
  });
  const { checkpoint } = folder;
  const wall = ports.clock.wall();
  const banks = checkpoint?.banks;
  const counters: Counters = {
    since: banks?.since ?? wall,
    rebased: [...banks?.rebased ?? []],
    resentBefore: banks?.resent ?? 0,
    brokerDroppedBefore: banks?.brokerDropped ?? 0,
    resent: () => 0,
    brokerDropped: () => 0,
  };
  const newest = { takenAt: banks?.takenAt ?? null, bytes: folder.store.lastBytes };
  if (checkpoint === undefined && folder.damagedCheckpoints > 0) {
    counters.rebased.push({
      at: wall,
      reason: "Every checkpoint was damaged: counted anew from what the inbox holds",
    });
    observer.event("checkpoint_lost", "error", { damaged: folder.damagedCheckpoints });
  }
  const river = checkpoint === undefined ? new River(EMPTY_RULES) : restoreRiver(checkpoint.river);
  const outbox = new Outbox({
    journal: folder.outboxJournal,
    encodeLine,
    maxPoints: config.influxdb?.batch.maxPoints ?? 5_000,
    maxWait: config.influxdb?.batch.maxWait ?? 1_000,
    memoryBytes: Math.min(OUTBOX_MEMORY, Math.floor(config.buffer.maxBytes / 4)),
    wall: () => ports.clock.wall(),
    after: (ms, fire) => ports.clock.after(ms, fire),
    refused(line, device, readings): void {
      const id = core.driver.river.registry.devices[device]?.id ?? null;
      folder.quarantine.add(deadLetter(line, id, readings, ports.clock.wall()));
    },
    lost(tally: Tally): void {
      counters.rebased.push({
        at: ports.clock.wall(),
        reason: `${tally.points} waiting points were in damaged blocks`,
      });
      observer.event("outbox_lost", "error", { points: tally.points, readings: tally.readings });
    },
  }, banks?.outbox);
  lifecycle.began("outbox", () => outbox.close());
  const notifications = new NotifyQueue(
    makeNotifiers(config.notifiers, ports, (name, { event }) => {
      const { rule, device, transition, severity, summary } = event;
      observer.event("alert_notified", "warning", {
        notifier: name,
        rule,
        device,
        transition,
        severity,
        summary,
      });
    }),
    { clock: ports.clock, random: ports.random, onEvent: observed(observer, "notify") },
    banks?.notifications,
  );
  const alertHistory = new AlertHistory(banks?.alertHistory);
  const core: Core = {
    config,
    folder,
    inbox: folder.inbox,
    time: folder.time,
    outbox,
    quarantine: folder.quarantine,
    notifications,
    alertHistory,
    formerRules: river.rules,
    newest,
    counters,
    onFatal: () => {},
    driver: new Driver<Banks>(
      {
        version: VERSION,
        inbox: folder.inbox,
        store: folder.store,
        time: folder.time,
        every: {
          afterBytes: Math.min(config.buffer.checkpoint.afterBytes, Math.floor(config.buffer.maxBytes / 8)),
          atMost: config.buffer.checkpoint.atMost,
        },
        after: (ms, fire) => ports.clock.after(ms, fire),
        onFatal: (error) => core.onFatal(error),
        onCheckpoint(result): void {
          if ("error" in result) {
            const words = result.error instanceof Error ? result.error.message : String(result.error);
            observer.event("checkpoint_failed", "error", { words });
            return;
          }
          newest.takenAt = ports.clock.wall();
          newest.bytes = result.bytes;
          observer.event("checkpoint_taken", "debug", { bytes: result.bytes });
        },
        banks: makeBanks({
          outbox,
          quarantine: folder.quarantine,
          notifications,
          alertHistory,
          counters: () => ({
            since: counters.since,
            rebased: counters.rebased,
            resent: counters.resentBefore + counters.resent(),
            brokerDropped: counters.brokerDroppedBefore + counters.brokerDropped(),
            takenAt: ports.clock.wall(),
          }),
          onAlert: (event) =>
            observer.event(`alert_${event.transition}`, "warning", {
              rule: event.rule,
              severity: event.severity,
              device: event.device,
              summary: event.summary,
            }),
          trimInbox: (before) => folder.inbox.trim(before, folder.archive),
        }),
      },
      river,
      checkpoint,
    ),
  };
  fatal.handle = (error) => core.onFatal(error);
  return core;
}

export { PoisonRecord };
