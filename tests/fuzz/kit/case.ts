/**
 * What fuzzing found, as a file that can be replayed: the messages, made as few and as short as they can be and still
 * break the same promise.
 * @module
 */
import type { Rules } from "../../../src/model/mod.ts";
import { River } from "../../../src/pipeline/mod.ts";
import { holdBooks, holdBounds } from "./bounds.ts";
import { Finding } from "./finding.ts";
import { BEGIN, type Shipped } from "./real_objects.ts";
import { fuzzRules, KEYRING } from "./rules.ts";
import type { Stretch } from "./run.ts";
import { shrunk } from "./shrink.ts";
import { riverOf, takeIn } from "./take_in.ts";
import { Watch } from "./watch.ts";

/** A message of a case. */
export interface CaseMessage {
  readonly topic: string;
  /** The payload in base64. */
  readonly payload: string;
  /** Journal time, ms. */
  readonly elapsed: number;
  readonly retain?: true;
}

/** A case as its file holds it. */
export interface FuzzCase {
  /** What it broke, in words; where it is fixed, what was wrong. */
  readonly what: string;
  /** Under the strict rules of `rules.ts`. */
  readonly strict: boolean;
  /** The checkpoint at which it begins, in base64, where it needs one. */
  readonly checkpoint?: string;
  readonly messages: readonly CaseMessage[];
}

/**
 * Lets the messages of a case through.
 *
 * @throws {Finding} where it breaks a promise
 */
export function replayCase(shipped: Shipped, { strict, checkpoint, messages }: FuzzCase): void {
  const rules = fuzzRules(shipped.profiles, strict);
  const start = checkpoint === undefined ? undefined : riverOf(Uint8Array.fromBase64(checkpoint));
  const river = start ?? new River(rules, [], KEYRING);
  const watch = new Watch(river.rules);
  for (const [index, message] of messages.entries()) {
    takeIn(river, watch, {
      position: river.position + 1,
      stamp: { receivedAt: BEGIN + message.elapsed, elapsed: message.elapsed, implausible: false },
      content: {
        kind: "message",
        message: {
          topic: message.topic,
          payload: Uint8Array.fromBase64(message.payload),
          connection: 1,
          packetId: index + 1,
          dup: false,
          retain: message.retain === true,
          userProperties: [],
        },
      },
    });
  }
  // A checkpoint knows nothing of the points before it: only what begins with nothing has books to hold.
  if (start === undefined) holdBooks(river, watch);
  holdBounds(river, fuzzRules(shipped.profiles, false).limits);
}

/**
 * The smallest case that breaks the same promise: without the state before, if it can be had so, else with the
 * checkpoint before it. `undefined` where it does not break again, since rules were changed on the way.
 *
 * @param broken whether a case breaks the promise; left out: by replaying it
 */
export async function caseOf(
  shipped: Shipped,
  finding: Finding,
  stretch: Stretch,
  rules: Rules,
  broken: Broken = async (one) => await kindOf(shipped, one) === finding.kind,
): Promise<FuzzCase | undefined> {
  const strict = JSON.stringify(rules) === JSON.stringify(fuzzRules(shipped.profiles, true));
  const all = stretch.records.flatMap(({ content, stamp }): CaseMessage[] => {
    if (content.kind !== "message") return [];
    const { topic, payload, retain } = content.message;
    const kept = retain ? { retain } as const : {};
    return [{ topic, payload: payload.toBase64(), elapsed: stamp.elapsed, ...kept }];
  });
  const what = finding.message;
  const starts: readonly FuzzCase[] = [
    { what, strict, messages: all.slice(-1) },
    { what, strict, messages: all },
    { what, strict, checkpoint: stretch.checkpoint.toBase64(), messages: all },
  ];
  let start: FuzzCase | undefined;
  for (const each of starts) {
    if (await broken(each)) {
      start = each;
      break;
    }
  }
  if (start === undefined) return undefined;
  const from = start;
  const messages = await shrunk(from.messages, (some) => broken({ ...from, messages: some }));
  return { ...from, messages: await shorter({ ...from, messages }, broken) };
}

/** Whether a case breaks the promise in question. */
type Broken = (one: FuzzCase) => Promise<boolean>;

/** What a case breaks; `undefined`: nothing. */
async function kindOf(shipped: Shipped, one: FuzzCase): Promise<string | undefined> {
  // What zlib has to put away waits for a turn of the event loop.
  await new Promise((resolve) => setTimeout(resolve, 0));
  try {
    replayCase(shipped, one);
    return undefined;
  } catch (error) {
    if (error instanceof Finding) return error.kind;
    throw error;
  }
}

/** Each payload as short as it can be, one after the other; only of a few messages, for it takes its time. */
async function shorter(one: FuzzCase, broken: Broken): Promise<CaseMessage[]> {
  const messages = [...one.messages];
  if (messages.length > 20) return messages;
  for (const [index, message] of messages.entries()) {
    const bytes = [...Uint8Array.fromBase64(message.payload)];
    const withBytes = (some: readonly number[]): CaseMessage => ({
      ...message,
      payload: Uint8Array.from(some).toBase64(),
    });
    const least = await shrunk(
      bytes,
      (some) => broken({ ...one, messages: messages.with(index, withBytes(some)) }),
      2_000,
    );
    messages[index] = withBytes(least);
  }
  return messages;
}
