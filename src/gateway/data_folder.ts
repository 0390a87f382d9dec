import { Audit } from "../audit/mod.ts";
import { Inbox, JournalTime, Quarantine } from "../buffer/mod.ts";
import type { GatewayConfig } from "../config/mod.ts";
import {
  Ballast,
  FolderLock,
  Journal,
  JournalError,
  type JournalEvent,
  type JournalOptions,
  type KeyRing,
  position,
} from "../journal/mod.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { type Checkpoint, CheckpointStore, ReplayMark } from "../pipeline/mod.ts";
import type { Banks } from "./banks.ts";
import { keyRingOf, refuseWithoutKeys, withoutKeys } from "./data_keys.ts";
import type { GatewayPorts } from "./ports.ts";
import { GatewayProblem } from "./problem.ts";

/** Smallest and largest segment of a journal, bytes. */
const SMALL = 64 * 1024;
const LARGE = 8 * 1024 * 1024;
/** Space that is held back for a checkpoint at least, bytes. */
const BALLAST = 256 * 1024;
/** The audit's part of `buffer.max_bytes`, and what it has at least and at most, bytes. */
const AUDIT = 0.01;
const LEAST_AUDIT = 1024 * 1024;
const MOST_AUDIT = 64 * 1024 * 1024;

/** The data folder, open and ours. */
export interface DataFolder {
  /** Where it is. */
  readonly path: string;
  /** Its checkpoints. */
  readonly store: CheckpointStore<Checkpoint<Banks>>;
  /** The newest one that can be used; `undefined`: there is none. */
  readonly checkpoint: Checkpoint<Banks> | undefined;
  /** Names of checkpoints that were damaged and are set aside. */
  readonly damagedCheckpoints: readonly string[];
  /**
   * The journals hold what no checkpoint knows of, and the inbox no longer goes back to its first record: outbox and
   * quarantine are kept as they are.
   */
  readonly orphaned: boolean;
  /** Says which records killed a replay. */
  readonly mark: ReplayMark;
  /** Journal time and the stamps of the inbox. */
  readonly time: JournalTime;
  /** The files of the inbox. */
  readonly inboxJournal: Journal;
  /** Everything that changes the state of the river. */
  readonly inbox: Inbox;
  /** The files of the outbox. */
  readonly outboxJournal: Journal;
  /** The files of the quarantine. */
  readonly quarantineJournal: Journal;
  /** Whatever was refused. */
  readonly quarantine: Quarantine;
  /** The files of the audit. */
  readonly auditJournal: Journal;
  /** Who did what. */
  readonly audit: Audit;
  /** Space held back for a checkpoint on a full disk. */
  readonly ballast: Ballast;
  /** Where trimmed inbox segments go; `undefined`: nowhere. */
  readonly archive: string | undefined;
}

const JOURNALS = ["inbox", "outbox", "quarantine", "audit"] as const;

/** Which journal an event is about. */
export type JournalName = typeof JOURNALS[number];

/**
 * Locks the data folder, loads the newest checkpoint, recovers the journals from it on, and cuts outbox and
 * quarantine back to it: what lay after is produced again.
 *
 * @throws {GatewayProblem} where the folder cannot be used
 */
export async function openDataFolder(
  config: GatewayConfig,
  ports: GatewayPorts,
  lifecycle: Lifecycle,
  onJournal: (journal: JournalName, event: JournalEvent) => void,
): Promise<DataFolder> {
  const path = config.gateway.dataDir;
  const { files } = ports;
  try {
    await files.makeFolder(path);
    await lock(path, ports, lifecycle);
    await refuseTooLarge(path, config, ports);
    const keys = await keyRingOf(config.buffer.encryptAtRest);
    await refuseWithoutKeys(files, path, JOURNALS, keys);
    const { salt } = ports;
    const store = new CheckpointStore<Checkpoint<Banks>>(files, `${path}/checkpoint`, { keys, salt });
    const loaded = await store.load();
    const locked = loaded.problems.flatMap(({ key }) => key ?? []);
    if (locked.length > 0) throw withoutKeys(path, locked, keys);
    const newer = loaded.problems.find(({ problem }) => problem === "newer_version");
    if (newer !== undefined) throw newerVersion(path, newer.name);
    const ballast = await Ballast.open(files, `${path}/ballast`, BALLAST);
    const checkpoint = loaded.generations[0]?.content;
    const common = journalOptions(path, config, keys, ports, onJournal);
    const open = async (options: JournalOptions, from: number): Promise<Journal> => {
      await files.makeFolder(options.folder);
      const journal = await Journal.open(options, position(from));
      lifecycle.began(options.folder, () => journal.close());
      return journal;
    };
    const { durability, every } = config.buffer;
    const inboxJournal = await open({
      ...common("inbox"),
      sync: "group",
      pack: config.buffer.compressInbox,
      recycle: config.buffer.prepareSegments,
      durability: durability === "fsync" ? { mode: "fsync" } : { mode: "interval", every },
    }, (checkpoint?.river.position ?? 0) + 1);
    const outboxJournal = await open(
      { ...common("outbox"), sync: "manual" },
      checkpoint?.banks.outbox.low ?? 1,
    );
    const quarantineJournal = await open(
      { ...common("quarantine"), sync: "manual" },
      Math.max(1, checkpoint?.banks.quarantineEnd ?? 1),
    );
    const auditBytes = Math.min(
      MOST_AUDIT,
      Math.max(LEAST_AUDIT, Math.floor(AUDIT * config.buffer.maxBytes)),
    );
    const auditJournal = await open({
      ...common("audit"),
      segmentBytes: Math.floor(auditBytes / 8),
      sync: "group",
    }, 0);
    // Without a checkpoint everything can be made again only while the inbox goes back to its first record.
    const whole = inboxJournal.first === 1 && inboxJournal.last > 0;
    const orphaned = checkpoint === undefined && !whole && outboxJournal.last + quarantineJournal.last > 0;
    if (!orphaned) {
      await outboxJournal.cutAfter(position(checkpoint?.banks.outbox.end ?? 0));
      await quarantineJournal.cutAfter(position(checkpoint?.banks.quarantineEnd ?? 0));
    }
    const time = new JournalTime(ports.clock);
    return {
      path,
      store,
      checkpoint,
      damagedCheckpoints: loaded.problems.map(({ name }) => name),
      orphaned,
      mark: new ReplayMark(files, path),
      time,
      inboxJournal,
      inbox: new Inbox(inboxJournal, time, checkpoint?.river.connection ?? 0),
      outboxJournal,
      quarantineJournal,
      quarantine: new Quarantine(quarantineJournal, checkpoint?.banks.quarantineErased),
      auditJournal,
      audit: await Audit.open(auditJournal, { wall: () => ports.clock.wall(), maxBytes: auditBytes }),
      ballast,
      archive: config.buffer.archive > 0 ? `${path}/archive` : undefined,
    };
  } catch (error) {
    throw asProblem(path, error);
  }
}

async function lock(path: string, ports: GatewayPorts, lifecycle: Lifecycle): Promise<void> {
  const taken = await FolderLock.take(ports.files, `${path}/lock`, String(ports.pid));
  if ("reason" in taken) {
    throw new GatewayProblem(
      3,
      `The data folder "${path}" is in use by the process "${taken.holder}"; end it, or give this gateway another ` +
        "folder with gateway.data_dir",
    );
  }
  lifecycle.began("lock", () => taken.release());
}

async function refuseTooLarge(path: string, config: GatewayConfig, ports: GatewayPorts): Promise<void> {
  const { total } = await ports.files.space(path);
  if (config.buffer.maxBytes <= total) return;
  throw new GatewayProblem(
    2,
    `buffer.max_bytes is "${config.buffer.maxBytes}" bytes, but the volume of "${path}" holds only ${total}; ` +
      "set it below that",
  );
}

function journalOptions(
  path: string,
  config: GatewayConfig,
  keys: KeyRing | undefined,
  ports: GatewayPorts,
  onJournal: (journal: JournalName, event: JournalEvent) => void,
): (name: JournalName) => Omit<JournalOptions, "sync" | "durability"> {
  const segmentBytes = Math.min(LARGE, Math.max(SMALL, Math.floor(config.buffer.maxBytes / 16)));
  return (name) => ({
    folder: `${path}/${name}`,
    files: ports.files,
    segmentBytes,
    keys,
    salt: ports.salt,
    wall: () => ports.clock.wall(),
    after: (ms, fire) => ports.clock.after(ms, fire),
    onEvent: (event) => onJournal(name, event),
  });
}

function newerVersion(path: string, name: string): GatewayProblem {
  return new GatewayProblem(
    1,
    `The checkpoint "${path}/checkpoint/${name}" was written by a newer version of Sluice; run that version, or give ` +
      "this one another data folder",
  );
}

function asProblem(path: string, error: unknown): GatewayProblem {
  if (error instanceof GatewayProblem) return error;
  const words = error instanceof Error ? error.message : String(error);
  const hint = error instanceof JournalError && error.reason === "future_version"
    ? "run the version that wrote it"
    : "make it a folder that this user may write";
  return new GatewayProblem(1, `The data folder "${path}" cannot be used: ${words}; ${hint}`, {
    cause: error,
  });
}
