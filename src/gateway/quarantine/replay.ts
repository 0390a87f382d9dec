import type { QuarantineReplay, ReplayedEntry, ReplayWish, Unavailable } from "../../api/mod.ts";
import { encodeLine } from "../../forward/mod.ts";
import type { Command, ReinjectedEntry, ReinjectedItem, Stamp } from "../../model/mod.ts";
import { tryReinject } from "../../pipeline/mod.ts";
import { giveCommand } from "../commands.ts";
import type { Parts } from "../parts.ts";
import { choose } from "./choose.ts";
import { entryAgain, type NotWhole } from "./entry_again.ts";
import { reinjectText } from "./reinject_text.ts";

/** What one command takes along: it is one record of the inbox. */
const MOST_ENTRIES = 200;
const MOST_BYTES = 1024 * 1024;
/** Entries that are tried in one call. */
const MOST_TRIED = 5_000;
/** After so long a call ends, and tells where to go on, ms. */
const LONGEST = 5_000;
/** Items that are answered, and points and alerts in all of them. */
const MOST_ITEMS = 100;
const MOST_TOLD = 20;

/** Counts what became of entries, and tells of the first. */
class Answer {
  readonly #items: ReplayedEntry[] = [];
  readonly #told = { points: 0, alerts: 0 };
  entries = 0;
  accepted = 0;
  refused = 0;

  /** Adds what is plain to say. */
  add(id: number, outcome: ReplayedEntry["outcome"], explanation: string | null): void {
    this.#note({ id, outcome, explanation, readings: 0, points: [], alerts: [] });
  }

  /** Adds what the river has said. */
  took(item: ReinjectedItem): void {
    const { id, outcome } = item;
    if (outcome === "refused") return this.add(id, outcome, reinjectText(item.why));
    if (outcome === "already_replayed") return this.add(id, outcome, "It went through before");
    const points = item.points.slice(0, Math.max(0, MOST_TOLD - this.#told.points));
    const alerts = item.alerts.slice(0, Math.max(0, MOST_TOLD - this.#told.alerts));
    this.#told.points += points.length;
    this.#told.alerts += alerts.length;
    this.#note({
      id,
      outcome,
      explanation: item.repeated
        ? "The same message has come again meanwhile: it counts as a repetition"
        : null,
      readings: item.readings,
      points: points.map(encodeLine),
      alerts: alerts.map(({ transition, rule, summary }) => `${rule} ${transition}: ${summary}`),
    });
  }

  /** The answer. @param after where to go on; `undefined`: that were all */
  end(dryRun: boolean, after: number | undefined): QuarantineReplay {
    const { entries, accepted, refused } = this;
    const next_cursor = after === undefined ? null : String(after);
    const items = this.#items.toSorted((a, b) => a.id - b.id);
    return { dry_run: dryRun, entries, accepted, refused, items, next_cursor };
  }

  #note(entry: ReplayedEntry): void {
    this.entries++;
    if (entry.outcome === "accepted") this.accepted++;
    if (entry.outcome === "refused") this.refused++;
    if (this.#items.length < MOST_ITEMS) this.#items.push(entry);
  }
}

/** Tries entries of the quarantine again, or tells what would become of them. */
export async function replayQuarantine(
  parts: Parts,
  wish: ReplayWish,
): Promise<QuarantineReplay | Unavailable> {
  const { core, ports } = parts;
  if (parts.phase !== "running") {
    return { kind: "unavailable", detail: "The gateway is not up yet, or on its way out" };
  }
  const { quarantine, driver } = core;
  const { end, first: oldest } = quarantine;
  const began = ports.clock.monotonic();
  const isOver = (): boolean => ports.clock.monotonic() - began > LONGEST;
  const passed = (id: number): boolean => driver.river.reinjected.has(id);
  const give = giver(parts, wish, oldest);
  const answer = new Answer();
  let batch: ReinjectedEntry[] = [];
  let bytes = 0;
  let after: number | undefined;
  const flush = async (): Promise<Unavailable | undefined> => {
    const items = batch.length === 0 ? [] : await give(batch);
    if ("kind" in items) return items;
    for (const item of items) answer.took(item);
    [batch, bytes] = [[], 0];
    return undefined;
  };
  for await (const chosen of choose(quarantine, wish, wish.after ?? 0, end, passed)) {
    if (chosen.kind === "more") {
      after = chosen.after;
      break;
    }
    const { id } = chosen;
    if (chosen.kind === "not_found") {
      answer.add(id, "not_found", "The quarantine does not hold it (any more)");
    } else {
      const entry: ReinjectedEntry | NotWhole = await entryAgain(parts, chosen.entry);
      if (typeof entry === "string") answer.add(id, "refused", reinjectText(entry));
      else {
        batch.push(entry);
        bytes += entry.payload.length + entry.topic.length;
      }
    }
    // A trial knows nothing of the one before: it has one go.
    const full = batch.length >= MOST_ENTRIES || bytes >= MOST_BYTES;
    if (answer.entries + batch.length >= MOST_TRIED || isOver() || (full && wish.dryRun)) {
      after = id;
      break;
    }
    const failed = full ? await flush() : undefined;
    if (failed !== undefined) return failed;
  }
  const failed = await flush();
  return failed ?? answer.end(wish.dryRun, after);
}

type Give = (entries: readonly ReinjectedEntry[]) => Promise<readonly ReinjectedItem[] | Unavailable>;

/** Hands entries to the river, or to a copy of it. */
function giver(parts: Parts, { dryRun, by }: ReplayWish, oldest: number): Give {
  const { core } = parts;
  const commandOf = (entries: readonly ReinjectedEntry[]): Extract<Command, { kind: "reinject" }> => ({
    kind: "reinject",
    entries,
    oldest,
    by,
  });
  if (dryRun) {
    return (entries) => {
      const stamp: Stamp = {
        receivedAt: parts.ports.clock.wall(),
        elapsed: core.time.elapsed,
        implausible: false,
      };
      return Promise.resolve(tryReinject(core.driver.river, commandOf(entries), stamp));
    };
  }
  let isKept = false;
  return async (entries) => {
    try {
      // What is behind the newest checkpoint is made again after a crash, and may have other numbers then.
      if (!isKept) await core.driver.checkpoint();
      isKept = true;
    } catch {
      return { kind: "unavailable", detail: "The disk takes no checkpoint at present; see /readyz" };
    }
    const result = await giveCommand(parts, commandOf(entries));
    return result.kind === "unavailable" ? result : result.items;
  };
}
