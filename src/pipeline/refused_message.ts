import { MissingKey } from "../enrich/mod.ts";
import type { InboxRecord, Message, Reason, Refused } from "../model/mod.ts";
import type { River } from "./river.ts";
import type { Route } from "./routes.ts";

/** What the quarantine may keep of a message. */
export type KeptOfMessage = Pick<
  Refused,
  "topic" | "payload" | "originalBytes" | "redacted" | "retain" | "implausible"
>;

/** Refusals that a flood may bring, or that say that the payload cannot be read: no work is spent on it. */
const UNREAD: ReadonlySet<Reason> = new Set<Reason>([
  "payload_too_large",
  "undecodable",
  "too_deep",
  "too_many_keys",
  "cardinality",
  "rate",
  "internal",
]);

const encoder = new TextEncoder();

/**
 * A refused message as the quarantine may keep it: as it came, or where its subscription redacts anything, its topic
 * with redacted levels and its payload as JSON of what the profile names; of one that cannot be read that way its
 * size and hash.
 *
 * @throws {MissingKey} where a hash is asked for and its key is not there
 */
export function refusedMessage(
  river: River,
  message: Message,
  record: InboxRecord,
  reason: Reason,
): KeptOfMessage {
  const kept = contentOf(river, message, record, reason);
  if (!message.retain && !record.stamp.implausible) return kept;
  return {
    ...kept,
    ...(message.retain ? { retain: true } : {}),
    ...(record.stamp.implausible ? { implausible: true } : {}),
  };
}

function contentOf(river: River, message: Message, record: InboxRecord, reason: Reason): KeptOfMessage {
  const { originalBytes } = message;
  const route = river.routes.routeOf(message.topic);
  if (route?.redactor === undefined) {
    const { topic, payload } = message;
    return originalBytes === undefined ? { topic, payload } : { topic, payload, originalBytes };
  }
  const bytes = originalBytes ?? message.payload.length;
  const shown = UNREAD.has(reason) ? undefined : shownPayload(river, route, message, record);
  if (shown === undefined && route.redactor.keepsUndecoded && reason !== "rate" && reason !== "cardinality") {
    return { topic: route.topic, payload: message.payload, originalBytes: bytes, redacted: true };
  }
  const payload = shown ?? encoder.encode(route.redactor.digest(message.payload, bytes));
  return { topic: route.topic, payload, originalBytes: bytes, redacted: true };
}

/** The payload with redacted values in their places; `undefined` where it does not decode. */
function shownPayload(
  river: River,
  route: Route,
  message: Message,
  record: InboxRecord,
): Uint8Array | undefined {
  // A batch may have a refusal for each of its records: they share what is kept of its payload.
  if (river.shownPayload?.position === record.position) return river.shownPayload.payload;
  const payload = redactedPayload(river, route, message, record);
  river.shownPayload = { position: record.position, payload };
  return payload;
}

function redactedPayload(
  river: River,
  route: Route,
  message: Message,
  record: InboxRecord,
): Uint8Array | undefined {
  const { topic, payload } = message;
  const { receivedAt, elapsed } = record.stamp;
  try {
    const decoded = route.decoder.decode(payload, river.rules.limits, { topic, receivedAt, elapsed });
    const shown = decoded.ok ? route.redactor?.shown(decoded.records, route.field, receivedAt) : undefined;
    return shown === undefined ? undefined : encoder.encode(shown);
  } catch (error) {
    if (error instanceof MissingKey) throw error;
    return undefined;
  }
}
