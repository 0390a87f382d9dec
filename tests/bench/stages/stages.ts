/**
 * What each stage costs a message on one core, beside a bare `JSON.parse` of the same bytes in the same process.
 * @module
 */
import { Inbox, JournalTime } from "../../../src/buffer/mod.ts";
import { BlockBuilder } from "../../../src/buffer/block_builder.ts";
import { systemClock } from "../../../src/clock.ts";
import { decoderFor } from "../../../src/decode/mod.ts";
import { encodeLine } from "../../../src/forward/mod.ts";
import { Journal } from "../../../src/journal/mod.ts";
import type { InboxRecord, Message, Point, Rules } from "../../../src/model/mod.ts";
import { River } from "../../../src/pipeline/mod.ts";
import { compileProfile } from "../../../src/validate/mod.ts";
import { siteMessages } from "../../support/climate_site.ts";
import { bestOf } from "../kit/best_of.ts";
import { nowhere } from "../kit/nowhere.ts";

/** Messages of one round. */
const MESSAGES = 50_000;
/** Messages that share an fdatasync, points that share a request: as under load. */
const GROUP = 500;
const BLOCK = 5_000;

/** Where every message came, for formats that lean on it: these do not. */
const RECEIPT = { topic: "", receivedAt: 0, elapsed: 0 };

/** Nanoseconds a message, the best of some rounds. */
export interface StageCosts {
  /** The baseline: UTF-8 to text, `JSON.parse`, nothing else. */
  readonly parse: number;
  /** Stamp, encode, append, crc; written and synced to nowhere. */
  readonly inbox: number;
  /** The river whole: decode, validate, windows and all that lies between. */
  readonly step: number;
  /** Parts of `step`. */
  readonly decode: number;
  readonly validate: number;
  /** Points into line protocol, lines into gzip'd blocks. */
  readonly line: number;
  readonly gzip: number;
}

/** Measures every stage, one after another. */
export async function stageCosts(rules: Rules): Promise<StageCosts> {
  const messages = [...siteMessages(MESSAGES, Date.now())].map((message, n): Message => ({
    ...message,
    connection: 1,
    packetId: n % 65_535 + 1,
    dup: false,
    retain: false,
    userProperties: [],
  }));
  const points = pointsOf(rules, messages);
  const lines = points.map(encodeLine);
  const utf8 = new TextDecoder();
  const decoder = decoderFor("json");
  const profile = Object.values(rules.profiles)[0];
  if (profile === undefined) throw new Error("The site has no profile");
  const checker = compileProfile(profile);
  const decoded = messages.map(({ payload }) => decoder.decode(payload, rules.limits, RECEIPT));
  const perMessage = async (work: () => unknown): Promise<number> => await bestOf(5, work) / MESSAGES;
  return {
    parse: await perMessage(() => {
      for (const { payload } of messages) JSON.parse(utf8.decode(payload));
    }),
    inbox: await perMessage(() => appendAll(messages)),
    step: await perMessage(() => pointsOf(rules, messages)),
    decode: await perMessage(() => {
      for (const { payload } of messages) decoder.decode(payload, rules.limits, RECEIPT);
    }),
    validate: await perMessage(() => {
      for (const each of decoded) {
        if (each.ok) { for (const one of each.records) checker.check(one.values, undefined, one.text); }
      }
    }),
    line: await perMessage(() => {
      for (const point of points) encodeLine(point);
    }),
    gzip: await perMessage(() => {
      let next = 0;
      const builder = new BlockBuilder(false, () => lines[next++] ?? "");
      for (const point of points) {
        builder.add(point);
        if (builder.points === BLOCK) builder.seal(1, 0);
      }
      builder.seal(1, 0);
    }),
  };
}

/** All messages through a fresh river. */
function pointsOf(rules: Rules, messages: readonly Message[]): Point[] {
  const points: Point[] = [];
  const river = new River(rules);
  const out = {
    point: (point: Point): unknown => points.push(point),
    refused(): void {},
    alert(): void {},
  };
  const receivedAt = Date.now();
  messages.forEach((message, n) => {
    const stamp = { receivedAt, elapsed: Math.floor(n / 50), implausible: false };
    const record: InboxRecord = { position: n + 1, stamp, content: { kind: "message", message } };
    river.step(record, out);
  });
  if (river.totals.processed !== messages.length) {
    throw new Error(`The river took ${river.totals.processed} of ${messages.length} messages`);
  }
  return points;
}

/** All messages into an inbox whose disk costs nothing. */
async function appendAll(messages: readonly Message[]): Promise<void> {
  const journal = await Journal.open({
    folder: "inbox",
    files: nowhere,
    segmentBytes: 8 * 1024 * 1024,
    sync: "group",
    salt: () => 1n,
    wall: () => systemClock.wall(),
    after: (ms, fire) => systemClock.after(ms, fire),
  });
  const inbox = new Inbox(journal, new JournalTime(systemClock), 1);
  for (let n = 0; n < messages.length; n++) {
    const message = messages[n];
    if (message !== undefined) inbox.message(message);
    if (n % GROUP === GROUP - 1) await inbox.sync();
  }
  inbox.take();
  await inbox.close();
}
