import type { InboxRecord, Refusal, Value } from "../model/mod.ts";
import { decodePayload, judgeRecords } from "./judge_payload.ts";
import type { River } from "./river.ts";

/** A reading that a message says. */
export interface SaidReading {
  /** Name of its field. */
  readonly field: string;
  /** Its value. */
  readonly value: Value;
  /** Its time, ms. */
  readonly ms: number;
}

/** What a message says under the rules in force, or why nothing. Nothing changes by it. */
export function readingsOf(river: River, record: InboxRecord): SaidReading[] | Refusal {
  const { content } = record;
  if (content.kind !== "message") return [];
  const { message } = content;
  const route = river.routes.routeOf(message.topic);
  if (route === undefined) return [];
  if (route.refusal !== undefined) return route.refusal;
  const decoded = decodePayload(river, message, route, record);
  const judged = decoded.ok ? judgeRecords(route, decoded, record) : decoded.refusal;
  if ("reason" in judged) return route.redactor?.refusal(judged) ?? judged;
  return judged.flatMap(({ checked, ms }) =>
    checked.fields.map(({ rule, value }) => ({ field: rule.name, value, ms }))
  );
}
