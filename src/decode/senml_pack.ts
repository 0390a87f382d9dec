import { type Refusal, shown } from "../model/mod.ts";
import type { RecordsByTime } from "./records_by_time.ts";
import { readSenmlRecord, type SenmlRecord } from "./senml_record.ts";
import { absoluteTime, nanosecondsOf } from "./senml_time.ts";

/** The version of RFC 8428. A pack of a later one must not be used (§4.4). */
const VERSION = 10;

/** What a name may be made of (RFC 8428 §4.5.1). */
const NAME = /^[A-Za-z0-9][A-Za-z0-9\-:./_]*$/;

/** Resolves the records of one pack, in order (RFC 8428 §4.5, §4.6). */
export class SenmlPack {
  readonly #binary: boolean;
  readonly #receivedAt: number;
  readonly #found: RecordsByTime;
  #base: SenmlRecord = {};
  /** The base name of the first value: under it names stand without it. */
  #firstName: string | undefined;
  /** The unit of the first value of each name. */
  readonly #units = new Map<string, string>();

  /**
   * Begins a pack.
   *
   * @param binary the labels are the integers of the CBOR form
   * @param receivedAt wall clock at receipt, ms
   * @param found takes the values
   */
  constructor(binary: boolean, receivedAt: number, found: RecordsByTime) {
    this.#binary = binary;
    this.#receivedAt = receivedAt;
    this.#found = found;
  }

  /** Takes the next record in; says what is wrong with it. */
  take(values: unknown): Refusal | undefined {
    const record = readSenmlRecord(values, this.#binary);
    if ("reason" in record) return record;
    const base = this.#base = { ...this.#base, ...basesOf(record) };
    if (base.bver !== undefined && base.bver > VERSION) {
      return undecodable("bver", base.bver, `SenML up to version ${VERSION}`);
    }
    const value = valueOf(record, base);
    const sum = record.s === undefined && base.bs === undefined ? undefined : total(base.bs, record.s);
    if (value === undefined && (sum === undefined || record.n === undefined && record.s === undefined)) {
      const only = record.n === undefined && record.t === undefined && record.u === undefined;
      return only ? undefined : undecodable("v", undefined, "one of v, vs, vb, vd, s in each record");
    }
    const key = this.#keyOf(record, base);
    if (typeof key === "object") return key;
    const time = this.#timeOf(record, base);
    if (typeof time === "object") return time;
    if (value !== undefined) this.#found.add(time, key, value);
    if (sum !== undefined) this.#found.add(time, `${key}#sum`, sum);
    return undefined;
  }

  #keyOf(record: SenmlRecord, base: SenmlRecord): string | Refusal {
    const baseName = base.bn ?? "";
    const name = baseName + (record.n ?? "");
    if (!NAME.test(name)) {
      const refusal = undecodable(
        "n",
        name,
        "a name of A–Z, a–z, 0–9, - : . / _ that begins with a letter or digit",
      );
      return name === "" ? { ...refusal, hint: "there is no base name before it either" } : refusal;
    }
    this.#firstName ??= baseName;
    const short = baseName === this.#firstName ? record.n || baseName : name;
    const unit = record.u ?? base.bu;
    if (unit === undefined) return short;
    const first = this.#units.get(name);
    if (first === undefined) this.#units.set(name, unit);
    return first === undefined || first === unit ? short : `${short}#${unit}`;
  }

  #timeOf(record: SenmlRecord, base: SenmlRecord): bigint | undefined | Refusal {
    const parts = [base.bt ?? 0, record.t ?? 0].map(nanosecondsOf);
    const [baseTime, time] = parts;
    if (baseTime === undefined || time === undefined) {
      const found = shown(nanosecondsOf(base.bt ?? 0) === undefined ? base.bt : record.t);
      return { reason: "bad_time", field: "t", found, allowed: "seconds since 1970, or from now" };
    }
    return absoluteTime(baseTime + time, this.#receivedAt);
  }
}

function basesOf({ bn, bt, bu, bv, bs, bver }: SenmlRecord): SenmlRecord {
  return {
    ...(bn === undefined ? {} : { bn }),
    ...(bt === undefined ? {} : { bt }),
    ...(bu === undefined ? {} : { bu }),
    ...(bv === undefined ? {} : { bv }),
    ...(bs === undefined ? {} : { bs }),
    ...(bver === undefined ? {} : { bver }),
  };
}

/** The value of a record; a base value alone is one where the record says of what (RFC 8428 §4.5.4). */
function valueOf(record: SenmlRecord, base: SenmlRecord): unknown {
  const { v, vs, vb, vd, n, s } = record;
  const other = vs ?? vb ?? vd;
  if (other !== undefined) return other;
  if (v !== undefined) return base.bv === undefined ? v : total(base.bv, v);
  return n === undefined || s !== undefined ? undefined : base.bv;
}

function total(base: number | bigint | undefined, own: number | bigint | undefined): number | bigint {
  if (base === undefined) return own ?? 0;
  return own === undefined ? base : Number(base) + Number(own);
}

function undecodable(field: string, found: unknown, allowed: string): Refusal {
  return { reason: "undecodable", field, found: found === undefined ? "nothing" : shown(found), allowed };
}
