import type { ExplainAnswer, ExplainStep } from "../../api/mod.ts";
import { refusalText, rfc3339 } from "../../model/mod.ts";
import type { Parts } from "../parts.ts";
import { findReading, type FoundReading, type Search } from "./find_reading.ts";
import { explained, stepOf, stepsOf } from "./steps.ts";
import { whereItWent } from "./where_it_went.ts";

/** Newest entries of the quarantine in which those of a message are looked for. */
const LOOKED_AT = 50_000;

/** Steps of the way of one message alone that say nothing of a past one: what became of it is looked up. */
const SUPPOSED: ReadonlySet<string> = new Set(["window", "point", "alert"]);

/** The way of a reading of the past, as far as it is still known. */
export async function pastReading(
  parts: Parts,
  device: string,
  ms: number,
  field: string | null,
): Promise<ExplainAnswer> {
  const { core } = parts;
  const { river } = core.driver;
  const search = await findReading(parts, device, ms, field);
  const { found } = search;
  if (found?.record.content.kind !== "message") {
    return { steps: [notFound(parts, device, ms, search)], points: [], alerts: [] };
  }
  const { record, readings } = found;
  const { topic, payload } = found.record.content.message;
  const way = explained(river, topic, payload, record.stamp.receivedAt);
  const steps: ExplainStep[] = [
    foundStep(parts, found, ms),
    ...stepsOf({ ...way, steps: way.steps.filter(({ step }) => !SUPPOSED.has(step)) }),
    ...await refusalsOf(parts, record.position),
  ];
  const lines = new Set<string>();
  for (const reading of readings) {
    const streams = river.registry.streams.filter((stream) =>
      stream.device.id === device &&
      [...stream.slots.values()].some(({ series }) => series.field === reading.field)
    );
    for (const stream of streams) {
      const { steps: more, line } = whereItWent(core, stream, reading);
      steps.push(...more);
      if (line !== undefined) lines.add(line);
    }
  }
  return { steps, points: [...lines], alerts: [] };
}

function foundStep(
  { core }: Parts,
  { record, from, readings, exact }: FoundReading,
  ms: number,
): ExplainStep {
  const { position, stamp, content } = record;
  const at = rfc3339(stamp.receivedAt) ?? "";
  const topic = content.kind === "message"
    ? core.driver.river.routes.routeOf(content.message.topic)?.topic
    : "";
  const time = rfc3339(readings[0]?.ms ?? 0) ?? "";
  const text = `The ${from} holds the message: position ${position}, received at ${at} on ${topic}` +
    (exact ? "" : `; no reading is of just ${rfc3339(ms)}, the nearest is of ${time}`);
  const facts = { from, position: String(position), received_at: at, time };
  return stepOf("found", exact ? "ok" : "info", "Found", text, facts);
}

function notFound({ core }: Parts, device: string, ms: number, { looked, complete }: Search): ExplainStep {
  const known = core.driver.river.registry.device(device) !== undefined;
  const where = core.folder.archive === undefined
    ? "the inbox, which keeps a message until it is processed and in a checkpoint; buffer.archive keeps it longer"
    : "the archive and the inbox";
  const held = looked === undefined
    ? "they hold no message of that time or later"
    : `messages received from ${rfc3339(looked.from)} to ${rfc3339(looked.to)} were looked at` +
      (complete ? "" : ", and there are more");
  const text = `${known ? "" : `No device "${device}" is known. `}` +
    `No message with a reading at ${
      rfc3339(ms)
    } is there any more, or it is refused now. Looked in ${where}: ${held}`;
  return stepOf("found", "info", "Not there any more", text, { from: "none" });
}

/** What of the message was refused, as the quarantine still has it. */
async function refusalsOf({ core }: Parts, position: number): Promise<ExplainStep[]> {
  const { quarantine, driver } = core;
  const { end } = quarantine;
  const steps: ExplainStep[] = [];
  for await (const { position: id, refused } of quarantine.list(Math.max(1, end - LOOKED_AT))) {
    if (id > end) break;
    if (refused.inboxPosition !== position) continue;
    const replayed = driver.river.reinjected.has(id);
    const text = `${refusalText(refused.refusal)}${replayed ? "; it went through at another try" : ""}`;
    const facts = { quarantine_id: String(id), reason: refused.refusal.reason, replayed: String(replayed) };
    steps.push(stepOf("quarantined", replayed ? "info" : "refused", "Quarantine", text, facts));
  }
  return steps;
}
