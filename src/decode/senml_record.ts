import { type Refusal, shown } from "../model/mod.ts";

/** A record as it stands in the pack, under the labels of the JSON form (RFC 8428 §4.3). */
export interface SenmlRecord {
  readonly bn?: string;
  readonly bt?: number | bigint;
  readonly bu?: string;
  readonly bv?: number | bigint;
  readonly bs?: number | bigint;
  readonly bver?: number | bigint;
  readonly n?: string;
  readonly u?: string;
  readonly v?: number | bigint;
  readonly vs?: string;
  readonly vb?: boolean;
  readonly vd?: string;
  readonly s?: number | bigint;
  readonly t?: number | bigint;
  readonly ut?: number | bigint;
}

type Label = keyof SenmlRecord;
type Kind = "number" | "string" | "boolean";

/** What each label holds. */
const KINDS: Readonly<Record<Label, Kind>> = {
  bn: "string",
  bt: "number",
  bu: "string",
  bv: "number",
  bs: "number",
  bver: "number",
  n: "string",
  u: "string",
  v: "number",
  vs: "string",
  vb: "boolean",
  vd: "string",
  s: "number",
  t: "number",
  ut: "number",
};

/** The labels of the CBOR form (RFC 8428 §6, table 4), as the decimal text that the CBOR decoder makes of them. */
const CBOR_LABELS: ReadonlyMap<string, Label> = new Map([
  ["-1", "bver"],
  ["-2", "bn"],
  ["-3", "bt"],
  ["-4", "bu"],
  ["-5", "bv"],
  ["-6", "bs"],
  ["0", "n"],
  ["1", "u"],
  ["2", "v"],
  ["3", "vs"],
  ["4", "vb"],
  ["5", "s"],
  ["6", "t"],
  ["7", "ut"],
  ["8", "vd"],
]);

const VALUES: readonly Label[] = ["v", "vs", "vb", "vd"];

/**
 * Reads one record. Labels that RFC 8428 does not know are passed over, unless they end with `_`: those must be
 * understood (§4.4).
 *
 * @param binary the labels are those of the CBOR form
 */
export function readSenmlRecord(values: unknown, binary: boolean): SenmlRecord | Refusal {
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    return { reason: "undecodable", found: shown(values), allowed: "a SenML pack: an array of records" };
  }
  const known: [Label, unknown][] = [];
  for (const [name, value] of Object.entries(values)) {
    const label = (binary ? CBOR_LABELS.get(name) : undefined) ?? (isLabel(name) ? name : undefined);
    if (label === undefined) {
      if (!name.endsWith("_")) continue;
      const hint = "a label that ends with _ must be understood";
      return { reason: "undecodable", field: shown(name), found: shown(name), hint };
    }
    const wrong = misfit(label, value);
    if (wrong !== undefined) return wrong;
    known.push([label, value]);
  }
  const given = known.filter(([label]) => VALUES.includes(label));
  if (given.length > 1) {
    const found = given.map(([label]) => label).join(", ");
    return { reason: "undecodable", found, allowed: "one value in each record" };
  }
  // Each member was held against its kind.
  return Object.fromEntries(known) as SenmlRecord;
}

function isLabel(name: string): name is Label {
  return Object.hasOwn(KINDS, name);
}

function misfit(label: Label, value: unknown): Refusal | undefined {
  const kind = KINDS[label];
  const type = typeof value;
  const fits = type === kind || (kind === "number" && type === "bigint");
  if (!fits) {
    const reason = label === "t" || label === "bt" ? "bad_time" : "undecodable";
    return { reason, field: label, found: shown(value), allowed: kind === "string" ? "a text" : `a ${kind}` };
  }
  if (label === "bver" && !(Number.isInteger(value) && Number(value) > 0)) {
    return { reason: "undecodable", field: label, found: shown(value), allowed: "a positive integer" };
  }
  return undefined;
}
