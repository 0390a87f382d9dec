import { segmentsIn } from "../../journal/mod.ts";
import type { InboxRecord } from "../../model/mod.ts";
import { readingsOf, type SaidReading } from "../../pipeline/mod.ts";
import type { Parts } from "../parts.ts";
import { type Holder, holderOf, pastRecords } from "../past_records.ts";

/** How far a device's clock may be ahead of the receipt, and two readings apart that may be meant as one, ms. */
const AHEAD = 300_000;
const NEAR = 60_000;
/** After so long the search ends, ms. */
const LONGEST = 5_000;
/** How long after a reading its message usually came at the latest, ms: what is near is good enough from there on. */
const USUAL_DELAY = 600_000;

/** A message of the past that says what was looked for. */
export interface FoundReading {
  /** Its record. */
  readonly record: InboxRecord;
  /** What holds it. */
  readonly from: Holder;
  /** What it says at that time, and nothing else. */
  readonly readings: readonly SaidReading[];
  /** Its time is just that. */
  readonly exact: boolean;
}

/** How a search ended. */
export interface Search {
  /** What was found; `undefined`: nothing. */
  readonly found: FoundReading | undefined;
  /** Receipt of the first and last message that was looked at, ms; `undefined`: there was none. */
  readonly looked: { readonly from: number; readonly to: number } | undefined;
  /** Everything that could hold it was looked at. */
  readonly complete: boolean;
}

/** Looks for a reading in what archive and inbox still hold, from about its time on. */
export async function findReading(
  parts: Parts,
  device: string,
  ms: number,
  field: string | null,
): Promise<Search> {
  const { river } = parts.core.driver;
  const { clock } = parts.ports;
  const began = clock.monotonic();
  let looked: { from: number; to: number } | undefined;
  let nearest: FoundReading | undefined;
  const distance = (found: FoundReading | undefined): number =>
    found === undefined ? NEAR : Math.abs((found.readings[0]?.ms ?? 0) - ms);
  for await (const records of pastRecords(parts, await begin(parts, ms))) {
    for (const record of records) {
      const { content, stamp } = record;
      if (content.kind !== "message") continue;
      looked ??= { from: stamp.receivedAt, to: stamp.receivedAt };
      looked.to = stamp.receivedAt;
      if (river.routes.routeOf(content.message.topic)?.device !== device) continue;
      const found = nearestIn(parts, record, ms, field);
      if (found?.exact === true) return { found, looked, complete: true };
      if (found !== undefined && distance(found) < distance(nearest)) nearest = found;
    }
    const isPast = looked !== undefined && looked.to > ms + USUAL_DELAY;
    if (isPast && nearest !== undefined) return { found: nearest, looked, complete: true };
    if (clock.monotonic() - began > LONGEST) return { found: nearest, looked, complete: false };
    // A segment is in memory as a whole: without this nothing else would happen until its last record.
    await clock.sleep(0);
  }
  return { found: nearest, looked, complete: true };
}

/** What a message says at the time that is nearest to one. */
function nearestIn(
  parts: Parts,
  record: InboxRecord,
  ms: number,
  field: string | null,
): FoundReading | undefined {
  const said = readingsOf(parts.core.driver.river, record);
  if ("reason" in said) return undefined;
  const wanted = said.filter((reading) => field === null || reading.field === field);
  const away = Math.min(...wanted.map((reading) => Math.abs(reading.ms - ms)));
  if (away > NEAR) return undefined;
  const readings = wanted.filter((reading) => Math.abs(reading.ms - ms) === away);
  return { record, from: holderOf(parts, record.position), readings, exact: away === 0 };
}

/** The first position of which the message may have come at a time, or 1. */
async function begin({ core, ports }: Parts, ms: number): Promise<number> {
  const { path } = core.folder;
  const starts = (await Promise.all(
    [`${path}/archive`, `${path}/inbox`].map((folder) => segmentsIn(ports.files, folder).catch(() => [])),
  )).flat();
  // Whatever came at that time stands in the last segment that was begun before it, or behind.
  return starts.findLast(({ createdAt }) => createdAt <= ms - AHEAD)?.first ?? 1;
}
