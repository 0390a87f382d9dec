import type { QuarantineEntry } from "../../buffer/mod.ts";
import type { ReinjectedEntry } from "../../model/mod.ts";
import type { Parts } from "../parts.ts";
import { pastRecord } from "../past_records.ts";

/** Why an entry cannot even be tried. */
export type NotWhole =
  /** What is personal was redacted, and the inbox has let go of what the device sent. */
  | "redacted"
  /** Only the beginning of the payload was kept. */
  | "cut";

/** An entry with all that it needs to be tried again: of what was redacted the message as it came, from the inbox. */
export async function entryAgain(
  parts: Parts,
  { position: id, refused }: QuarantineEntry,
): Promise<ReinjectedEntry | NotWhole> {
  const { what, refusal, inboxPosition, device, receivedAt, readings, record, partial } = refused;
  const names = refused.fields ?? (refusal.field === undefined ? undefined : [refusal.field]);
  const entry: ReinjectedEntry = {
    id,
    what,
    reason: refusal.reason,
    inboxPosition,
    topic: refused.topic,
    payload: refused.payload,
    device,
    retain: refused.retain === true,
    userProperties: [],
    receivedAt,
    implausible: refused.implausible === true,
    readings,
    ...(record === undefined ? {} : { record }),
    ...(names === undefined || what !== "readings" ? {} : { fields: fieldsOf(names) }),
    ...(partial === undefined ? {} : { partial }),
  };
  const { originalBytes } = refused;
  if (refused.redacted !== true) {
    return originalBytes !== undefined && originalBytes > refused.payload.length ? "cut" : entry;
  }
  const found = await pastRecord(parts, inboxPosition);
  if (found?.content.kind !== "message") return "redacted";
  const { topic, payload, retain, userProperties, originalBytes: whole } = found.content.message;
  if (whole !== undefined) return "cut";
  return { ...entry, topic, payload: payload.slice(), retain, userProperties };
}

/** Earlier versions noted several fields in words alone. */
function fieldsOf(names: readonly string[]): readonly string[] {
  const [only] = names;
  return names.length === 1 && only !== undefined ? only.split(", ") : names;
}
