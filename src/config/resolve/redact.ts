import type { FieldType, Redaction } from "../../model/mod.ts";
import { formatDuration } from "../duration.ts";
import type { KeyPath } from "../key_path.ts";
import type { Report } from "../report.ts";
import type { FieldDraft } from "../sections/profile.ts";
import type { RedactDraft } from "../sections/redact.ts";
import type { SourceFile } from "../source_file.ts";

/** Where a redaction stands, and whether there is a key for hashes. */
export interface RedactPlace {
  readonly source: SourceFile;
  readonly report: Report;
  readonly path: KeyPath;
  /** `privacy.key_file` is given. */
  readonly hashes: boolean;
}

const TEXTS = "hash and mask for string fields only";

/** The redaction of a field, which may be a tag; `undefined`: none. */
export function redactionOf(name: string, field: FieldDraft, place: RedactPlace): Redaction | undefined {
  if (field.redact === undefined) return undefined;
  return field.tag
    ? tagRedaction(field.redact, name, place)
    : fieldRedaction(field.redact, field.type, place);
}

/** The redaction of a field; reports what does not go with its type. */
function fieldRedaction(draft: RedactDraft, type: FieldType, place: RedactPlace): Redaction | undefined {
  if (draft.kind === "drop") return draft;
  if (draft.kind === "hash" || draft.kind === "mask") {
    if (type === "string") return needsKey(draft, place);
    const allowed = type === "boolean"
      ? "drop for a boolean field"
      : `${TEXTS}; numbers take drop and generalise`;
    return refuse(place, draft.kind, allowed, `make it "type: string", if it is a text`);
  }
  const found = draft.time ? formatDuration(draft.to) : String(draft.to);
  if (type === "boolean") return refuse(place, "generalise", "drop for a boolean field");
  if (type === "string") {
    if (!draft.time) return refuse(place, found, "to with a duration: the text must be an ISO 8601 moment");
    if (draft.unit === undefined) return { kind: "span", to: draft.to, unit: "iso8601" };
    return refuse(place, draft.unit, "unit for moments that are numbers only");
  }
  if (!draft.time) {
    if (draft.unit !== undefined) return refuse(place, draft.unit, "unit with a duration only");
    if (type === "int" && !Number.isInteger(draft.to)) {
      return refuse(place, found, "a whole number for an int field");
    }
    return { kind: "grid", to: draft.to };
  }
  if (draft.unit !== undefined) return { kind: "span", to: draft.to, unit: draft.unit };
  return refuse(place, found, "unit beside it, as {to: 1h, unit: ms}: the field holds a number");
}

/** The redaction of a tag; reports what would make one series of two devices, or is no text's. */
function tagRedaction(draft: RedactDraft, name: string, place: RedactPlace): Redaction | undefined {
  if (draft.kind === "generalise") return refuse(place, "generalise", "hash, mask or drop for a tag");
  if (name === "device" && draft.kind !== "hash") {
    const hint = "two devices must not become one";
    return refuse(place, draft.kind, "hash for the tag device", hint);
  }
  return needsKey(draft, place);
}

/** The redactions of tags, by name. */
export function tagRedactions(
  drafts: Readonly<Record<string, RedactDraft>>,
  place: RedactPlace,
): Readonly<Record<string, Redaction>> {
  return Object.fromEntries(
    Object.entries(drafts).flatMap(([name, draft]) => {
      const one = tagRedaction(draft, name, { ...place, path: [...place.path, name] });
      return one === undefined ? [] : [[name, one]];
    }),
  );
}

function needsKey(
  draft: Exclude<RedactDraft, { kind: "generalise" }>,
  place: RedactPlace,
): Redaction | undefined {
  if (draft.kind !== "hash" || place.hashes) return draft;
  const { source, report, path } = place;
  report.add(source, path, "needs_key", { found: "hash", allowed: "privacy.key_file in the configuration" });
  return undefined;
}

function refuse(
  { source, report, path }: RedactPlace,
  found: string,
  allowed: string,
  hint?: string,
): undefined {
  report.add(source, path, "not_with", { found, allowed, hint });
  return undefined;
}
