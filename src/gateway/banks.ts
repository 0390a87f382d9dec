import type { Outbox, OutboxSnapshot, Quarantine } from "../buffer/mod.ts";
import type { AlertEvent, DeviceRequest, Message, RangesSnapshot } from "../model/mod.ts";
import type { History } from "../history/mod.ts";
import type { NotifyQueue, PendingNotifications } from "../notify/mod.ts";
import type { Checkpoint, DriverBanks, RiverOutput, TrimMark } from "../pipeline/mod.ts";
import type { AlertHistory } from "./alert_history.ts";
import type { Commands } from "./commands.ts";
import type { StandingAlerts } from "./standing_alerts.ts";

/** A moment at which the counters were set anew. */
export interface Rebase {
  /** Wall clock, ms. */
  readonly at: number;
  /** The sentence for people. */
  readonly reason: string;
}

/** Everything beside the river that a checkpoint holds. */
export interface Banks {
  /** What the outbox knows beside its journal. */
  readonly outbox: OutboxSnapshot;
  /** Number of the newest quarantine entry. */
  readonly quarantineEnd: number;
  /** What of it a person has erased; older checkpoints lack it. */
  readonly quarantineErased?: RangesSnapshot;
  /** What people still have to be told. */
  readonly notifications: PendingNotifications;
  /** Alerts that ended, oldest first. */
  readonly alertHistory: readonly AlertEvent[];
  /** The events of the alerts that fire. */
  readonly standingAlerts: readonly AlertEvent[];
  /** Wall clock from which on the ledger counts, ms. */
  readonly since: number;
  /** When and why the ledger was set anew, oldest first. */
  readonly rebased: readonly Rebase[];
  /** Blocks sent again after an outcome that is not known: counted by earlier processes too. */
  readonly resent: number;
  /** Messages that the broker dropped: counted by earlier processes too. */
  readonly brokerDropped: number;
  /** The broker's own figure of them at the last look; older checkpoints lack it. */
  readonly brokerFigure?: number;
  /** Wall clock at which the checkpoint was taken, ms. */
  readonly takenAt: number;
}

/** What the banks are made of. */
export interface BankParts {
  readonly outbox: Outbox;
  readonly quarantine: Quarantine;
  readonly notifications: NotifyQueue;
  readonly alertHistory: AlertHistory;
  readonly standingAlerts: StandingAlerts;
  /** The counters that no part keeps by itself. */
  readonly counters: () => Pick<
    Banks,
    "since" | "rebased" | "resent" | "brokerDropped" | "brokerFigure" | "takenAt"
  >;
  readonly onAlert: (event: AlertEvent) => void;
  readonly onUnknown: (message: Message, receivedAt: number) => void;
  readonly commands: Commands;
  /** `undefined`: no history is kept. */
  readonly history: Pick<History, "reading"> | undefined;
  readonly onRequest: (request: DeviceRequest) => void;
  /** Forgets inbox records that no checkpoint needs. */
  readonly trimInbox: (before: number) => Promise<void>;
}

/** What lies on the banks of the river: where its output goes, and the rest of the checkpoint. */
export function makeBanks(parts: BankParts): DriverBanks<Banks> {
  const { outbox, quarantine, notifications, alertHistory, standingAlerts, history } = parts;
  const output: RiverOutput = {
    point: (point) => outbox.add(point),
    refused: (refused) => void quarantine.add(refused),
    alert(event): void {
      notifications.add(event);
      alertHistory.add(event);
      standingAlerts.add(event);
      parts.onAlert(event);
    },
    request: (request) => parts.onRequest(request),
    unknown: (message, receivedAt) => parts.onUnknown(message, receivedAt),
    commanded: (position, result) => parts.commands.settled(position, result),
    ...(history === undefined ? {} : {
      reading: (slot, stream, value, ms, position) => history.reading(slot, stream, value, ms, position),
    }),
  };
  return {
    output,
    snapshot: (): Banks => ({
      outbox: outbox.snapshot(),
      quarantineEnd: quarantine.end,
      quarantineErased: quarantine.snapshotErased(),
      notifications: notifications.snapshot(),
      alertHistory: alertHistory.events,
      standingAlerts: standingAlerts.events,
      ...parts.counters(),
    }),
    async sync(): Promise<void> {
      await Promise.all([outbox.sync(), quarantine.sync()]);
    },
    mark: ({ river, banks }: Checkpoint<Banks>): TrimMark => ({
      inbox: river.position + 1,
      outbox: banks.outbox.low,
    }),
    async trim(older): Promise<void> {
      await parts.trimInbox(older.inbox);
      await outbox.trim(older.outbox);
    },
  };
}
