/**
 * What each stage costs a message on one core, beside a bare `JSON.parse` of the same bytes in the same process.
 * @module
 */
import { BlockBuilder } from "../../../src/buffer/block_builder.ts";
import { type DecodeResult, decoderFor } from "../../../src/decode/mod.ts";
import { encodeLine } from "../../../src/forward/mod.ts";
import type { InboxRecord, Message, Point, Profile, Rules } from "../../../src/model/mod.ts";
import { River } from "../../../src/pipeline/mod.ts";
import { compileProfile } from "../../../src/validate/mod.ts";
import { DEVICES, siteMessages, STEP } from "../../support/climate_site.ts";
import { bestOf, bestOfEach } from "../kit/best_of.ts";
import { appendAll, appendBodies, bodiesOf } from "./append_all.ts";
import { intoWindows, type Reported } from "./into_windows.ts";

/** Messages of one round. */
const MESSAGES = 50_000;
/** Points that share a request: as under load. */
const BLOCK = 5_000;

/** Rounds of what is compared: the alerts are a small difference of two large figures. */
const COMPARED = 15;

/** Alert rules that watch the site. */
export const RULES = 5;

/** Where every message came, for formats that lean on it: these do not. */
const RECEIPT = { topic: "", receivedAt: 0, elapsed: 0 };

/** Nanoseconds a message, the best of some rounds. */
export interface StageCosts {
  /** The baseline: UTF-8 to text, `JSON.parse`, nothing else. */
  readonly parse: number;
  /** Stamp, encode, append, crc; written and synced to nowhere. */
  readonly inbox: number;
  /** Part of `inbox`: bytes into the journal, crc. */
  readonly append: number;
  /** The river whole: decode, validate, alerts, windows and all that lies between. */
  readonly step: number;
  /** The same without an alert rule: the rest of `step` is theirs. */
  readonly unwatched: number;
  /** Parts of `step`. */
  readonly decode: number;
  readonly validate: number;
  readonly windows: number;
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
  if (rules.alerts.length !== RULES) throw new Error(`The site has ${rules.alerts.length} alert rules`);
  const unwatched: Rules = { ...rules, alerts: [] };
  const points = pointsOf(rules, messages);
  const lines = points.map(encodeLine);
  const utf8 = new TextDecoder();
  const decoder = decoderFor("json");
  const profile = Object.values(rules.profiles)[0];
  if (profile === undefined) throw new Error("The site has no profile");
  const checker = compileProfile(profile);
  const decoded = messages.map(({ payload }) => decoder.decode(payload, rules.limits, RECEIPT));
  const reported = reportedOf(profile, decoded);
  const bodies = bodiesOf(messages);
  const perMessage = async (work: () => unknown): Promise<number> => await bestOf(5, work) / MESSAGES;
  const [watched = NaN, bare = NaN] = await bestOfEach(COMPARED, [
    (): unknown => pointsOf(rules, messages),
    (): unknown => pointsOf(unwatched, messages),
  ]);
  return {
    parse: await perMessage(() => {
      for (const { payload } of messages) JSON.parse(utf8.decode(payload));
    }),
    inbox: await perMessage(() => appendAll(messages)),
    append: await perMessage(() => appendBodies(bodies)),
    step: watched / MESSAGES,
    unwatched: bare / MESSAGES,
    decode: await perMessage(() => {
      for (const { payload } of messages) decoder.decode(payload, rules.limits, RECEIPT);
    }),
    validate: await perMessage(() => {
      for (const each of decoded) {
        if (each.ok) { for (const one of each.records) checker.check(one.values, undefined, one.text); }
      }
    }),
    windows: await perMessage(() => {
      if (intoWindows(profile, reported) === 0) throw new Error("No point left the windows");
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
    const stamp = { receivedAt, elapsed: Math.floor(n / DEVICES), implausible: false };
    const record: InboxRecord = { position: n + 1, stamp, content: { kind: "message", message } };
    river.step(record, out);
  });
  if (river.totals.processed !== messages.length) {
    throw new Error(`The river took ${river.totals.processed} of ${messages.length} messages`);
  }
  return points;
}

/** What validation leaves of each message, for the windows. */
function reportedOf(profile: Profile, decoded: readonly DecodeResult[]): Reported[] {
  const checker = compileProfile(profile);
  const oldest = Date.now() - MESSAGES / DEVICES * STEP;
  return decoded.flatMap((each, n): Reported[] => {
    if (!each.ok) throw new Error("A message of the site cannot be decoded");
    const round = Math.floor(n / DEVICES);
    return each.records.map(({ values, text }) => {
      const checked = checker.check(values, undefined, text);
      if (!checked.ok) throw new Error("A message of the site is refused");
      return { device: n % DEVICES, ms: oldest + round * STEP, elapsed: round, fields: checked.fields };
    });
  });
}
