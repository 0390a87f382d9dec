import { loadConfig, renderProblem } from "../../../src/config/mod.ts";
import { type Learned, Learner } from "../../../src/learn/mod.ts";
import type { Refused, Rules } from "../../../src/model/mod.ts";
import { River } from "../../../src/pipeline/mod.ts";
import { memorySources } from "../config/memory_sources.ts";
import { bytes, limits, NOW } from "../decode/limits.ts";

/** A message for the learner: its topic, and a payload as text, bytes, or what becomes JSON. */
export type Sent = readonly [topic: string, payload: unknown, afterMs?: number];

/** A learner that has seen messages, each a second after the one before where nothing else is said. */
export function learnerOf(sent: Iterable<Sent>, onProposed: (id: string) => void = () => {}): Learner {
  const learner = new Learner({ limits: limits(), onProposed });
  let now = NOW;
  for (const [topic, payload, after = 1_000] of sent) {
    now += after;
    learner.see({ topic, payload: payloadOf(payload), retain: false, receivedAt: now });
  }
  return learner;
}

function payloadOf(payload: unknown): Uint8Array {
  if (payload instanceof Uint8Array) return payload;
  return bytes(typeof payload === "string" ? payload : JSON.stringify(payload));
}

/** What it makes of them. */
export function learnedOf(learner: Learner): Learned[] {
  return learner.learned(new Set());
}

/** What is made of some messages. */
export function learned(sent: Iterable<Sent>): Learned[] {
  return learnedOf(learnerOf(sent));
}

/** The only kind that is made of some messages. */
export function onlyKind(sent: Iterable<Sent>): Learned {
  const all = learned(sent);
  const [only] = all;
  if (only === undefined || all.length > 1) {
    throw new Error(`${all.length} kinds: ${all.map(({ topic }) => topic).join(", ")}`);
  }
  return only;
}

/** The same message `times` times on a topic, its numbers as `make` gives them. */
export function repeated(topic: string, make: (turn: number) => unknown, times = 6): Sent[] {
  return Array.from({ length: times }, (_, turn): Sent => [topic, make(turn)]);
}

/** The rules that proposals become; fails with everything that the loader says against them. */
export async function rulesOf(
  ...proposals: Pick<Learned, "profileYaml" | "subscriptionYaml">[]
): Promise<Rules> {
  const files: Record<string, string> = {
    "gateway.yaml": `subscriptions:\n${proposals.map((one) => one.subscriptionYaml).join("")}`,
  };
  proposals.forEach((one, index) => files[`devices/profiles/${index}.yaml`] = one.profileYaml);
  const loaded = await loadConfig("gateway.yaml", memorySources(files));
  if (loaded.ok) return loaded.rules;
  const texts = Object.values(files).join("\n---\n");
  throw new Error(`${loaded.problems.map(renderProblem).join("\n")}\n\n${texts}`);
}

/** What became of messages under rules: how many were processed, and what was refused of them. */
export function taken(rules: Rules, sent: Iterable<Sent>): { processed: number; refused: Refused[] } {
  const river = new River(rules);
  const refused: Refused[] = [];
  let [position, now] = [0, NOW];
  for (const [topic, payload, after = 1_000] of sent) {
    now += after;
    const message = {
      topic,
      payload: payloadOf(payload),
      connection: 1,
      packetId: 0,
      dup: false,
      retain: false,
    };
    river.step({
      position: ++position,
      stamp: { receivedAt: now, elapsed: position * 1_000, implausible: false },
      content: { kind: "message", message: { ...message, userProperties: [] } },
    }, { point: () => {}, alert: () => {}, refused: (one) => void refused.push(one) });
  }
  return { processed: river.totals.processed, refused };
}
