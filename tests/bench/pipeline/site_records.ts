import type { InboxRecord } from "../../../src/model/mod.ts";
import { siteMessages, STEP } from "../../support/climate_site.ts";

/** Records that are made, taken in and forgotten together: few enough that they are no memory to speak of. */
const CHUNK = 10_000;
/** One message in so many has a battery below empty: a reading for the quarantine. */
const SPOILT = 500;
/** Packet identifiers go from 1 to this. */
const PACKETS = 65_535;

const BELOW_EMPTY = new TextEncoder().encode("-1");

/**
 * The inbox of the site as it fills while its devices report live, each once a second of its own and of journal time.
 *
 * @param messages how many in all
 * @param devices how many share them
 */
export function* siteRecords(messages: number, devices: number): Generator<readonly InboxRecord[]> {
  const newest = Date.now();
  const oldest = newest - (Math.ceil(messages / devices) - 1) * STEP;
  let chunk: InboxRecord[] = [];
  let n = 0;
  for (const { topic, payload } of siteMessages(messages, newest, undefined, devices)) {
    if (isSpoilt(n)) payload.set(BELOW_EMPTY, payload.length - 1 - BELOW_EMPTY.length);
    const passed = Math.floor(n / devices) * STEP;
    const elapsed = passed + Math.floor(STEP * (n % devices) / devices);
    chunk.push({
      position: n + 1,
      stamp: { receivedAt: oldest + passed, elapsed, implausible: false },
      content: {
        kind: "message",
        message: {
          ...{ topic, payload, connection: 1, packetId: n % PACKETS + 1 },
          ...{ dup: false, retain: false, userProperties: [] },
        },
      },
    });
    n++;
    if (chunk.length < CHUNK && n < messages) continue;
    yield chunk;
    chunk = [];
  }
}

/** How many of the first messages have a reading that is refused. */
export function spoiltOf(messages: number): number {
  return Math.floor(messages / SPOILT);
}

function isSpoilt(n: number): boolean {
  return n % SPOILT === SPOILT - 1;
}
