import { nameProblem, type Path, type TimeUnit } from "../model/mod.ts";
import type { FieldStats } from "./field_stats.ts";
import type { Names } from "./names.ts";
import { nameOfPath } from "./names.ts";
import { wordsOf } from "./recognise/confidential.ts";
import { isTimeName } from "./recognise/moment.ts";
import { generousRange, isCounter, isWholeByName, unitOf } from "./recognise/unit.ts";
import { ENOUGH_FOR_WHOLE, type Shape } from "./shape.ts";

/** One field to be proposed. */
export interface ProposedField {
  readonly name: string;
  readonly path: Path;
  readonly type: "float" | "int" | "boolean" | "string";
  readonly unit: string | null;
  readonly range: readonly [number, number] | null;
  readonly required: boolean;
  readonly tag: boolean;
  readonly maxLength: number | null;
  readonly stats: FieldStats;
}

/** What is made of the fields of a kind. */
export interface ProposedFields {
  readonly fields: readonly ProposedField[];
  /** The device's clock. */
  readonly time: { readonly path: Path; readonly unit: TimeUnit } | null;
  /** The device's sequence number. */
  readonly sequence: Path | null;
  /** What is left out, and why. */
  readonly left: readonly { readonly name: string; readonly why: string }[];
}

const SEQUENCE =
  /^(?:seq|seqno|seqnr|sequence|sequencenumber|msgid|messageid|fcnt|frame|framecounter|packet|n)$/;

/** Which field is what: the clock, the sequence number, readings, and what is no reading. */
export function fieldsOf(shape: Shape, names: Names): ProposedFields {
  const all = [...shape.fields.values()].filter(({ seen }) => seen > 0);
  const always = (stats: FieldStats): boolean => stats.seen >= shape.records;
  const carriesTime = ["senml", "line_protocol", "sparkplug_b", "value"].includes(shape.format);
  const clock = carriesTime
    ? undefined
    : all.find((stats) =>
      !stats.tag && stats.moment.unit !== undefined && always(stats) && isTimeName(nameOfPath(stats.path))
    );
  const counter = shape.format === "value"
    ? undefined
    : all.find((stats) => isSequence(stats) && always(stats));
  const left: { name: string; why: string }[] = [];
  const fields: ProposedField[] = [];
  for (const stats of all) {
    if (stats === clock || stats === counter) continue;
    const wish = stats.path.length === 0 ? bareName(shape) : nameOfPath(stats.path);
    const why = reasonToLeave(stats, wish);
    if (why !== undefined) left.push({ name: wish, why });
    else fields.push(proposed(stats, names.take(wish), shape, always(stats)));
  }
  const unit = clock?.moment.unit;
  return {
    fields,
    time: clock === undefined || unit === undefined ? null : { path: clock.path, unit },
    sequence: counter?.path ?? null,
    left,
  };
}

function isSequence(stats: FieldStats): boolean {
  const words = wordsOf(nameOfPath(stats.path));
  if (!SEQUENCE.test(words.join("")) && !words.some((word) => /^(?:seq|sequence|fcnt)$/.test(word))) {
    return false;
  }
  return stats.kind === "whole" && stats.low >= 0 && stats.rises >= 3 && stats.falls === 0;
}

function reasonToLeave(stats: FieldStats, name: string): string | undefined {
  if (stats.confidential) return "it looks like a credential or personal data";
  if (stats.kind === "mixed") return "its values are of several types";
  if (stats.tag && stats.kind !== "text") return "a tag must be text";
  if (isTimeName(name) && stats.moment.isTime) {
    return stats.moment.unit === undefined
      ? "a time, but too far from the receipt: check the device's clock"
      : "a time";
  }
  return undefined;
}

/** A bare value is called as its topic ends, where that is a word. */
function bareName(shape: Shape): string {
  const last = shape.levels.at(-1);
  const [word] = last === undefined || last.varies ? [] : [...last.texts];
  return word !== undefined && nameProblem(word) === undefined && /^[A-Za-z]\w*$/.test(word) ? word : "value";
}

function proposed(stats: FieldStats, name: string, shape: Shape, always: boolean): ProposedField {
  const { kind, path, tag, low, high } = stats;
  // A name that only says where in a list a value stands has its unit from the keys around it.
  const wording = path.length === 0 ? name : path.join("_");
  const base = { name, path, tag, stats, required: always && mayBeRequired(shape) && !tag };
  if (kind === "text") {
    const maxLength = tag ? null : Math.max(64, 2 ** Math.ceil(Math.log2(4 * stats.longest + 1)));
    return { ...base, type: "string", unit: null, range: null, maxLength };
  }
  if (kind === "boolean") return { ...base, type: "boolean", unit: null, range: null, maxLength: null };
  const unit = unitOf(wording, [low, high]);
  const whole = kind === "whole" &&
    (isWholeByName(wording) || (unit === null && stats.seen >= ENOUGH_FOR_WHOLE));
  const range = isCounter(wording) ? null : generousRange([low, high], unit);
  return {
    ...base,
    ...{ type: whole ? "int" : "float", unit, maxLength: null },
    range: range !== null && range.every((bound) => Number.isFinite(bound)) ? range : null,
  };
}

/** Where a format splits messages into records by itself, or some messages say something else, not each has everything. */
function mayBeRequired({ format, strange }: Shape): boolean {
  if (strange > 0) return false;
  return format === "json" || format === "cbor" || format === "msgpack";
}
