import { type Path, pathReader, pathText, type Refusal, shown } from "../model/mod.ts";

/** Reads a record's sequence number; `undefined` where there is none. */
export type SequenceJudge = (record: object) => number | undefined | Refusal;

/** The judge of the device's sequence number: a whole number from 0 that a number carries exactly. */
export function sequenceJudge(path: Path): SequenceJudge {
  const read = pathReader(path);
  const field = pathText(path);
  const allowed = "a whole number from 0";
  return (record) => {
    const raw = read(record);
    if (raw === undefined || raw === null) return undefined;
    if (typeof raw === "number" && Number.isSafeInteger(raw) && raw >= 0) return raw + 0;
    const found = shown(raw);
    if (
      typeof raw === "bigint" || (typeof raw === "number" && (Number.isInteger(raw) || !Number.isFinite(raw)))
    ) {
      return { reason: "range", field, found, allowed: `${allowed} to 2^53 − 1` };
    }
    return { reason: "type", field, found, allowed };
  };
}
