import type { ExplainAnswer, ExplainStep, ExplainView } from "../../api/mod.ts";
import { refusalText, rfc3339 } from "../../model/mod.ts";
import { pastReading } from "../explain/past_reading.ts";
import { answerOf, explained, stepOf } from "../explain/steps.ts";
import type { Parts } from "../parts.ts";
import { entryAgain } from "../quarantine/entry_again.ts";
import { reinjectText } from "../quarantine/reinject_text.ts";
import { Turns } from "../turns.ts";

/** Searches of the past in line at once. */
const MOST_SEARCHES = 4;

/** Tells the way of messages, entries and readings, under the rules in force. */
export function explainView(parts: Parts): ExplainView {
  const { core, ports } = parts;
  const searches = new Turns(MOST_SEARCHES);
  return {
    message: (topic, payload) => answerOf(explained(core.driver.river, topic, payload, ports.clock.wall())),
    quarantined: (id) => quarantined(parts, id),
    async reading(device, ms, field): ReturnType<ExplainView["reading"]> {
      return await searches.take(() => pastReading(parts, device, ms, field)) ??
        { kind: "unavailable", detail: `${MOST_SEARCHES} searches of the past are under way or in line` };
    },
  };
}

async function quarantined(parts: Parts, id: number): Promise<ExplainAnswer | undefined> {
  const { river } = parts.core.driver;
  const entry = await parts.core.quarantine.get(id);
  if (entry === undefined) return undefined;
  const { refused } = entry;
  const replayed = river.reinjected.has(id);
  const at = rfc3339(refused.receivedAt) ?? "";
  const steps: ExplainStep[] = [stepOf(
    "quarantined",
    replayed ? "info" : "refused",
    "Quarantine",
    `Refused at ${at}: ${refusalText(refused.refusal)}${replayed ? "; it went through at another try" : ""}`,
    { quarantine_id: String(id), reason: refused.refusal.reason, replayed: String(replayed) },
  )];
  if (refused.what === "point") {
    return { steps, points: [new TextDecoder().decode(refused.payload)], alerts: [] };
  }
  const whole = await entryAgain(parts, entry);
  if (typeof whole === "string") {
    return {
      steps: [...steps, stepOf("found", "info", "Not whole", reinjectText(whole))],
      points: [],
      alerts: [],
    };
  }
  // Of a topic that nothing redacts any more only what was kept may be shown.
  const topic = river.routes.routeOf(whole.topic) === undefined ? refused.topic : whole.topic;
  return answerOf(explained(river, topic, whole.payload, refused.receivedAt), steps);
}
