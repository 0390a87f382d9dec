import { emptyLedger, type Ledger } from "../../src/model/mod.ts";
import { fateText } from "./fate_text.ts";
import type { Fate } from "./faults/draft.ts";
import type { Obligation } from "./fleet.ts";
import { counted } from "./live_line.ts";
import type { QuarantineEntries } from "./quarantine_entries.ts";

/** What became of the messages of one fault that share a fate. */
export interface FateRow {
  /** Name of the fault. */
  readonly fault: string;
  /** Messages that must have this fate. */
  readonly messages: number;
  /** The fate, for people. */
  readonly must: string;
  /** What became of them, for people. */
  readonly became: string;
  /** Whether that is what must be, or within its bounds. */
  readonly matched: boolean;
}

/** What the gateway says, for the judge. */
export interface Witness {
  /** The counters of a device. */
  device(id: string): Ledger | undefined;
  readonly entries: QuarantineEntries;
  /** Messages that the gateway received beyond those that it must have, by the whole ledger. */
  readonly strays: number;
  /** Values in the database that differ, by device. */
  readonly differing: ReadonlyMap<string, number>;
  /** Messages per second that it takes of one device. */
  readonly deviceRate: number;
  /** How long it has been receiving, ms. */
  readonly elapsed: number;
  /** Whether a message that is taken is left out by its profile's `sample`: no matter of the gateway's word. */
  leftOut(message: Obligation): boolean;
}

/** What one device's messages must come to. */
interface Account {
  processed: number;
  /** Taken, and left out by `sample`. */
  sampled: number;
  duplicate: number;
  /** Of a flood: sent, and of those found refused. */
  limited: number;
  refused: number;
  /** Gaps in its count that somebody can see, and those at the end, which nobody can. */
  gaps: number;
  unseen: number;
}

interface Group {
  readonly fault: string;
  readonly fate: Fate;
  messages: number;
  /** Messages whose entry was found in the quarantine. */
  claimed: number;
  /** Messages that `sample` leaves out. */
  sampled: number;
  readonly devices: Set<string>;
}

/** The last level of a topic is the device, in every topic of the site. */
function deviceOf(topic: string): string {
  return topic.slice(topic.lastIndexOf("/") + 1);
}

/**
 * Holds labels against what the gateway made of them: quarantined and rejected messages one by one against the entries
 * of the quarantine; accepted and repeated ones against the counters of their devices, and those against the database;
 * a flood within bounds.
 */
export class FateJudge {
  readonly #accounts = new Map<string, Account>();
  readonly #groups = new Map<string, Group>();
  readonly #witness: Witness;

  /** Judges with what the gateway says. */
  constructor(witness: Witness) {
    this.#witness = witness;
  }

  /** Takes a message in; says whether it was refused for its rate, which nobody could know before. */
  take(message: Obligation): boolean {
    const { topic, payload, label } = message;
    const { fault, fate } = label;
    const { entries } = this.#witness;
    const device = deviceOf(topic);
    let claimed = false;
    let sampled = false;
    if (fate.kind === "not_taken") {
      this.#group(fault, fate, device, { claimed, sampled });
      return false;
    }
    const account = this.#account(device);
    if (fate.kind !== "unsent") {
      account.gaps += account.unseen;
      account.unseen = 0;
    }
    switch (fate.kind) {
      case "accepted":
        sampled = this.#accept(account, message);
        break;
      case "duplicate":
        account.duplicate++;
        break;
      case "quarantined":
        claimed = entries.claim("message", topic, fate.reason, payload);
        break;
      case "rejected":
        account.processed++;
        claimed = entries.claim("readings", topic, fate.reason, payload);
        break;
      case "limited":
        account.limited++;
        claimed = entries.claim("message", topic, "rate", payload);
        account[claimed ? "refused" : "duplicate"]++;
        break;
      case "unsent":
        account.unseen++;
        break;
    }
    this.#group(fault, fate, device, { claimed, sampled });
    return fate.kind === "limited" && claimed;
  }

  /** Notes a message that is taken; says whether `sample` leaves it out. */
  #accept(account: Account, message: Obligation): boolean {
    const sampled = this.#witness.leftOut(message);
    account[sampled ? "sampled" : "processed"]++;
    return sampled;
  }

  /** A row for each fault and fate, in the order of the faults' names. */
  rows(): FateRow[] {
    return [...this.#groups.values()].filter(({ fault }) => fault !== "").map((group) => this.#row(group))
      .sort((a, b) => a.fault < b.fault ? -1 : a.fault > b.fault ? 1 : 0);
  }

  #row(group: Group): FateRow {
    const { fault, fate, messages, claimed, devices } = group;
    const row = (became: string, matched: boolean): FateRow => ({
      fault,
      messages,
      must: fateText(fate),
      became,
      matched,
    });
    const { strays } = this.#witness;
    switch (fate.kind) {
      case "quarantined":
      case "rejected":
        return row(`${counted(claimed)} found in the quarantine`, claimed === messages);
      case "not_taken":
        return row(
          strays === 0 ? `${counted(messages)} not taken` : `${counted(strays)} too many received`,
          strays === 0,
        );
      case "limited":
        return this.#flood(group, row);
      case "unsent": {
        const gaps = this.#sum(devices, (ledger) => ledger.beside.sequence_gaps);
        if (!fate.counted) return row("nothing", true);
        const seen = [...devices].reduce((sum, id) => sum + this.#account(id).gaps, 0);
        return row(`${counted(gaps)} missed of ${counted(seen)} that can be`, gaps === seen);
      }
      case "duplicate": {
        const extra = this.#repeats(devices);
        return row(`${counted(messages + extra)} duplicate`, extra === 0);
      }
      case "accepted": {
        const taken = this.#taken(group, messages);
        const differing = [...devices].reduce((sum, id) => sum + (this.#witness.differing.get(id) ?? 0), 0);
        const values = differing === 0 ? "" : `, ${counted(differing)} values differ`;
        return row(`${taken.words}${values}`, taken.right && differing === 0);
      }
    }
  }

  /** A bucket of one second's worth: the first so many always pass, and no more than flows in beside. */
  #flood(group: Group, row: (became: string, matched: boolean) => FateRow): FateRow {
    const { deviceRate, elapsed } = this.#witness;
    const most = deviceRate * (1 + elapsed / 1_000);
    const within = [...group.devices].every((id) => {
      const own = this.#account(id);
      const taken = own.limited - own.refused;
      return taken >= Math.min(own.limited, Math.floor(deviceRate / 2)) && taken <= most;
    });
    const { messages, claimed, devices } = group;
    const extra = this.#repeats(devices);
    const became = `${counted(messages - claimed + extra)} duplicate, ${counted(claimed)} rate`;
    return row(became, within && extra === 0);
  }

  /** What the devices of a group say of so many messages that must be taken: processed, or left out by `sample`. */
  #taken({ devices, sampled }: Group, messages: number): { readonly words: string; readonly right: boolean } {
    const processed = this.#sum(devices, (ledger, own) => ledger.messages.processed - own.processed);
    const left = this.#sum(devices, (ledger, own) => ledger.messages.sampled - own.sampled);
    const words = `${counted(messages - sampled + processed)} accepted`;
    return {
      words: sampled + left === 0 ? words : `${words}, ${counted(sampled + left)} sampled`,
      right: processed === 0 && left === 0,
    };
  }

  /** Duplicates of devices beyond those that must be. */
  #repeats(devices: ReadonlySet<string>): number {
    return this.#sum(devices, (ledger, own) => ledger.messages.duplicate - own.duplicate);
  }

  #sum(devices: ReadonlySet<string>, of: (ledger: Ledger, own: Account) => number): number {
    return [...devices].reduce(
      (sum, id) => sum + of(this.#witness.device(id) ?? emptyLedger(), this.#account(id)),
      0,
    );
  }

  #account(device: string): Account {
    let account = this.#accounts.get(device);
    if (account === undefined) {
      account = { processed: 0, sampled: 0, duplicate: 0, limited: 0, refused: 0, gaps: 0, unseen: 0 };
      this.#accounts.set(device, account);
    }
    return account;
  }

  #group(
    fault: string | null,
    fate: Fate,
    device: string,
    { claimed, sampled }: { readonly claimed: boolean; readonly sampled: boolean },
  ): void {
    const key = `${fault} ${fateText(fate)}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { fault: fault ?? "", fate, messages: 0, claimed: 0, sampled: 0, devices: new Set() };
      this.#groups.set(key, group);
    }
    group.messages++;
    group.devices.add(device);
    if (claimed) group.claimed++;
    if (sampled) group.sampled++;
  }
}
