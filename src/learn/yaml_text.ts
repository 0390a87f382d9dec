import { formatDuration, writeFieldPath } from "../config/mod.ts";
import { type Compression, type Format, type Path, shown } from "../model/mod.ts";
import type { ProposedField, ProposedFields } from "./fields.ts";
import type { Entry } from "./place.ts";
import { roundInterval } from "./recognise/cadence.ts";

/** A profile as a person would write it, with what was seen in comments. */
export function profileYaml(
  profile: string,
  found: ProposedFields,
  seen: { readonly messages: number; readonly topic: string; readonly everyMs: number | null },
): string {
  const { fields, time, sequence, left } = found;
  const lines = [
    `# Learned from ${seen.messages} messages on ${
      comment(seen.topic)
    }. Check units and ranges, and what is required.`,
    `profile: ${profile}`,
  ];
  if (time !== null) lines.push(`time: { field: ${pathYaml(time.path)}, unit: ${time.unit} }`);
  else lines.push("# No clock of the device's own was found: the time of receipt counts");
  if (sequence !== null) lines.push(`sequence: ${pathYaml(sequence)}`);
  if (seen.everyMs === null) lines.push("# How often it reports is not regular: expect_every is left out");
  else {
    const rounded = formatDuration(roundInterval(seen.everyMs));
    lines.push(`expect_every: ${rounded} # seen: every ${Math.round(seen.everyMs)} ms`);
  }
  lines.push("fields:", ...fields.map(fieldLine));
  for (const { name, why } of left) lines.push(`  # ${comment(name)} is left out: ${why}`);
  return `${lines.join("\n")}\n`;
}

/** Entries for `subscriptions`. */
export function subscriptionYaml(
  profile: string,
  format: Format,
  compression: Compression,
  entries: readonly Entry[],
  remarks: readonly string[],
): string {
  const lines = remarks.map((remark) => `# ${comment(remark)}`);
  for (const { topic, tags } of entries) {
    lines.push(`- topic: ${quoted(topic)}`, `  profile: ${profile}`);
    if (format !== "json") lines.push(`  format: ${format}`);
    if (compression !== "none") lines.push(`  compression: ${compression}`);
    const pairs = Object.entries(tags).map(([name, value]) => `${name}: ${quoted(value)}`);
    if (pairs.length > 0) lines.push(`  tags: { ${pairs.join(", ")} }`);
  }
  return `${lines.join("\n")}\n`;
}

function fieldLine(
  { name, path, type, unit, range, required, tag, maxLength, stats }: ProposedField,
): string {
  const parts = [`type: ${type}`];
  if (path.length > 0 && !(path.length === 1 && path[0] === name)) parts.push(`path: ${pathYaml(path)}`);
  if (unit !== null) parts.push(`unit: ${quoted(unit)}`);
  if (range !== null) parts.push(`range: [${range.join(", ")}]`);
  if (maxLength !== null) parts.push(`max_length: ${maxLength}`);
  if (required) parts.push("required: true");
  if (tag) parts.push("tag: true");
  const numbers = type === "float" || type === "int";
  const remark = numbers ? `seen: ${stats.low} to ${stats.high}` : `seen: ${comment(stats.example)}`;
  return `  ${key(name)}: { ${parts.join(", ")} } # ${remark}`;
}

/** Words that YAML reads as something else than a text. */
function key(name: string): string {
  return /^[a-z][a-z0-9_]*$/.test(name) && !/^(?:true|false|null)$/.test(name) ? name : JSON.stringify(name);
}

function pathYaml(path: Path): string {
  return quoted(writeFieldPath(path));
}

/** A text that the loader reads as it is: it would take `${` for a variable of the environment. */
function quoted(text: string): string {
  const written = text.replaceAll("${", () => "$${");
  return /^[A-Za-z][A-Za-z0-9_.]*$/.test(written) && !/^(?:true|false|null)$/i.test(written)
    ? written
    : JSON.stringify(written);
}

/** A text within one line. */
function comment(text: string): string {
  return shown(text);
}
