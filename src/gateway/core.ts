import type { Audit } from "../audit/mod.ts";
import type { Inbox, JournalTime, Outbox, Quarantine } from "../buffer/mod.ts";
import type { GatewayConfig } from "../config/mod.ts";
import type { History } from "../history/mod.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { AlertEvent, Message, Rules } from "../model/mod.ts";
import { NotifyQueue } from "../notify/mod.ts";
import { type Driver, EMPTY_RULES, restoreRiver, River } from "../pipeline/mod.ts";
import { AlertHistory } from "./alert_history.ts";
import { type Banks, makeBanks } from "./banks.ts";
import { Commands } from "./commands.ts";
import { type Counters, makeCounters } from "./counters.ts";
import { type DataFolder, openDataFolder } from "./data_folder.ts";
import { DeviceRequests } from "./device_requests.ts";
import { observed } from "./events.ts";
import { keyringOf } from "./keyring.ts";
import { makeDriver, type NewestCheckpoint } from "./make_driver.ts";
import { makeHistory } from "./make_history.ts";
import { makeNotifiers, notificationLogger, type NotifierMeans } from "./make_notifiers.ts";
import { makeOutbox } from "./make_outbox.ts";
import type { GatewayPorts } from "./ports.ts";
import { type GatewayPublisher, makePublisher } from "./publisher.ts";
import { StandingAlerts } from "./standing_alerts.ts";
import type { Telemetry } from "./telemetry.ts";
import { VERSION } from "./version.ts";

/** Everything between the two ends, recovered and ready: journals, river, outbox, notifications. */
export interface Core {
  /** The configuration that it was opened with. */
  readonly config: GatewayConfig;
  /** The data folder, locked. */
  readonly folder: DataFolder;
  /** Where messages come in. */
  readonly inbox: Inbox;
  /** Journal time and its doubts about the wall clock. */
  readonly time: JournalTime;
  /** What waits for the database. */
  readonly outbox: Outbox;
  /** What was refused. */
  readonly quarantine: Quarantine;
  /** Who did what. */
  readonly audit: Audit;
  /** What people have to be told. */
  readonly notifications: NotifyQueue;
  /** What notifiers go through. */
  readonly notifierMeans: NotifierMeans;
  /** Sends messages of the gateway's own to the broker. */
  readonly publisher: GatewayPublisher;
  /** Publishes what the river asks of devices. */
  readonly requests: DeviceRequests;
  /** What charts are drawn from; `undefined`: none is kept. */
  readonly history: History | undefined;
  /** Takes what people ask for. */
  readonly commands: Commands;
  /** Alerts that ended. */
  readonly alertHistory: AlertHistory;
  /** Alerts that fire, as people were told of them. */
  readonly standingAlerts: StandingAlerts;
  /** The loop, with the river. */
  readonly driver: Driver<Banks>;
  /** The rules that an earlier process ran under. */
  readonly formerRules: Rules;
  /** The newest checkpoint, before and after the start. */
  readonly newest: NewestCheckpoint;
  /** Counters that go on over restarts. */
  readonly counters: Counters;
  /** What happens when a stage fails for good. */
  onFatal: (error: unknown) => void;
  /** What happens beside all else when an alert fires or ends. */
  onAlert: (event: AlertEvent) => void;
  /** What happens beside all else to a message that no subscription takes. */
  onUnknown: (message: Message, receivedAt: number) => void;
}

/**
 * Opens the data folder and builds everything between intake and forwarder; the replay is the caller's to run.
 *
 * @param rules the rules of the configuration: a replay without a checkpoint has no others
 * @throws {GatewayProblem} where the folder cannot be used
 */
export async function openCore(
  config: GatewayConfig,
  rules: Rules,
  ports: GatewayPorts,
  lifecycle: Lifecycle,
  telemetry: Telemetry,
): Promise<Core> {
  const { observer } = telemetry;
  const journal = observed(observer, "journal");
  // The core is not there yet when the folder's first events come.
  const late: { onFatal: (error: unknown) => void } = { onFatal: () => {} };
  const folder = await openDataFolder(config, ports, lifecycle, (name, event) => {
    journal(event, { journal: name });
    // What people do goes on without an audit; readiness says that it cannot be written.
    if (name === "audit") return;
    if (event.kind === "fatal") late.onFatal(new Error(`The ${name} cannot be synced: ${event.detail}`));
    if (event.kind === "write_recovered") folder.inbox.writableAgain();
  });
  const { checkpoint, inbox, quarantine } = folder;
  const lost = folder.orphaned;
  for (const name of folder.damagedCheckpoints) {
    observer.event("checkpoint_damaged", "error", { checkpoint: name });
  }
  const keyring = keyringOf(config);
  const river = checkpoint !== undefined
    ? restoreRiver(checkpoint.river, keyring)
    : new River(lost ? rules : EMPTY_RULES, [], keyring);
  if (checkpoint !== undefined && checkpoint.version !== VERSION) {
    observer.event("replay_under_other_version", "warning", {
      written_by: checkpoint.version,
      version: VERSION,
    });
  }
  const counters = makeCounters(checkpoint?.banks, ports.clock.wall());
  const outbox = makeOutbox(config, folder, checkpoint?.banks.outbox, ports, {
    device: (index) => river.registry.devices[index]?.id ?? null,
    lost({ points, readings }): void {
      counters.rebased.push({
        at: ports.clock.wall(),
        reason: `${points} waiting points were in damaged blocks`,
      });
      observer.event("outbox_lost", "error", { points, readings });
    },
  });
  lifecycle.began("outbox", () => outbox.close());
  if (lost) {
    // Without a checkpoint the rules of old records are gone too: what the journals hold is taken in anew.
    const adopted = await outbox.adopt();
    river.adopt(folder.inboxJournal.first - 1, adopted.readings);
    counters.rebased.push({
      at: ports.clock.wall(),
      reason:
        "Every checkpoint was lost: counted anew. What the inbox still held was taken in again, so readings " +
        "of points that already waited count twice, and those of windows that were open do not count",
    });
    observer.event("checkpoint_lost", "error", { adopted_points: adopted.points });
  }
  const publisher = makePublisher(config.mqtt, ports);
  lifecycle.began("publisher", () => publisher.close());
  const requests = new DeviceRequests(publisher, observer, ports.clock);
  const notifierMeans = { ports, publisher, write: notificationLogger(observer) };
  const notifications = new NotifyQueue(
    makeNotifiers(config, notifierMeans),
    { clock: ports.clock, random: ports.random, onEvent: observed(observer, "notify") },
    checkpoint?.banks.notifications,
  );
  const alertHistory = new AlertHistory(checkpoint?.banks.alertHistory);
  const standingAlerts = new StandingAlerts(checkpoint?.banks.standingAlerts);
  const commands = new Commands(inbox);
  const history = makeHistory(config, folder, ports, lifecycle, observer);
  const newest: NewestCheckpoint = {
    takenAt: checkpoint?.banks.takenAt ?? null,
    bytes: folder.store.lastBytes,
  };
  const banks = makeBanks({
    outbox,
    quarantine,
    notifications,
    alertHistory,
    standingAlerts,
    counters: () => ({ ...counters.snapshot(), takenAt: ports.clock.wall() }),
    onAlert(event): void {
      const { transition, rule, severity, device, summary } = event;
      core.onAlert(event);
      const name = event.late === true ? "alert_told_late" : `alert_${transition}`;
      observer.event(name, "warning", { rule, severity, device, summary });
    },
    onUnknown: (message, receivedAt) => core.onUnknown(message, receivedAt),
    commands,
    history,
    onRequest: (request) => requests.send(request),
    trimInbox: (before) => inbox.trim(before, folder.archive),
  });
  const core: Core = {
    config,
    folder,
    inbox,
    time: folder.time,
    outbox,
    quarantine,
    audit: folder.audit,
    notifications,
    notifierMeans,
    publisher,
    requests,
    history,
    commands,
    alertHistory,
    standingAlerts,
    driver: makeDriver(config, folder, river, banks, newest, ports, observer, (error) => core.onFatal(error)),
    formerRules: river.rules,
    newest,
    counters,
    onFatal: () => {},
    onAlert: () => {},
    onUnknown: () => {},
  };
  late.onFatal = (error) => core.onFatal(error);
  return core;
}
