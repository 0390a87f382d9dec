import type { SampleRule, Value } from "../model/mod.ts";
import type { JudgedRecord } from "./judge_payload.ts";
import { scattered } from "./message_hash.ts";

/** Whether a message whose hash is `hash` is left out; `records` are what it says. */
export type Sampler = (hash: number, records: readonly JudgedRecord[]) => boolean;

/**
 * Keeps so many messages of so many. What a message is decides, not when it came: the same topic and payload has the
 * same fate on a replay, after a redelivery, and when it is published again.
 *
 * A message is left out only when nothing is wrong with it: what is refused of it must be found in the quarantine.
 */
export function samplerOf(rule: SampleRule): Sampler {
  const kept = 2 ** 32 * (rule.keep / rule.of);
  const exceptions = new Map(Object.entries(rule.except).map(([name, values]) => [name, new Set(values)]));
  return (hash, records) => {
    if (scattered(hash) < kept) return false;
    return !records.some((record) => isRefused(record) || isException(record, exceptions));
  };
}

function isRefused({ checked, refusal }: JudgedRecord): boolean {
  return refusal !== undefined || checked.refusals.length > 0;
}

function isException(
  { checked }: JudgedRecord,
  exceptions: ReadonlyMap<string, ReadonlySet<Value>>,
): boolean {
  if (exceptions.size === 0) return false;
  return checked.fields.some(({ rule, value }) => exceptions.get(rule.name)?.has(value) === true) ||
    checked.tags.some(([name, value]) => exceptions.get(name)?.has(value) === true);
}
