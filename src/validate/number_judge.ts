import { type FieldRule, type Refusal, shown, type Value } from "../model/mod.ts";

/**
 * How far a scaled integer may be off a whole number, relative to what was added up: 0.29 × 100 is
 * 28.999999999999996 in binary, and the device meant 29. Four units in the last place.
 */
const ROUNDING = 4 * Number.EPSILON;

/** The judge of a number: type, scale and offset, whole for `int`, range, in this order. */
export function numberJudge(rule: FieldRule): (raw: unknown) => Value | Refusal {
  const { scale, offset } = rule;
  const plain = scale === 1 && offset === 0;
  const whole = rule.type === "int";
  const low = rule.range === null ? -Infinity : rule.range[0];
  const high = rule.range === null ? Infinity : rule.range[1];
  const refusals = new NumberRefusals(rule);

  return (raw) => {
    if (typeof raw !== "number" && typeof raw !== "bigint") return refusals.type(raw);
    const read = typeof raw === "bigint" ? Number(raw) : raw;
    let value = plain ? read : read * scale + offset;
    if (!Number.isFinite(value)) return refusals.range(value);
    if (whole) {
      const rounded = Math.round(value);
      if (rounded !== value) {
        if (plain || Math.abs(value - rounded) > ROUNDING * (Math.abs(read * scale) + Math.abs(offset))) {
          return refusals.fraction(value);
        }
      }
      if (!Number.isSafeInteger(rounded)) return refusals.inexact(plain ? raw : value);
      // Adding zero makes 0 of -0.
      value = rounded + 0;
    }
    if (value < low || value > high) return refusals.range(value);
    return value;
  };
}

/** The refusals of a number; their texts are made once. */
class NumberRefusals {
  readonly #field: string;
  readonly #type: string;
  readonly #range: string;

  constructor(rule: FieldRule) {
    const unit = rule.unit === null ? "" : ` ${rule.unit}`;
    this.#field = rule.name;
    this.#type = rule.type === "int" ? "a whole number" : "a number";
    this.#range = rule.range === null ? "a finite number" : `${rule.range[0]} … ${rule.range[1]}${unit}`;
  }

  type(raw: unknown): Refusal {
    const refusal: Refusal = { reason: "type", field: this.#field, found: shown(raw), allowed: this.#type };
    if (typeof raw !== "string") return refusal;
    const number = raw.trim() !== "" && Number.isFinite(Number(raw));
    return { ...refusal, hint: number ? "it is a text: send it without quotes" : "it is a text" };
  }

  fraction(value: number): Refusal {
    return { reason: "type", field: this.#field, found: shown(value), allowed: this.#type };
  }

  inexact(value: unknown): Refusal {
    const hint = "it cannot be carried exactly";
    return { reason: "range", field: this.#field, found: shown(value), allowed: "±(2^53 − 1)", hint };
  }

  range(value: number): Refusal {
    return { reason: "range", field: this.#field, found: shown(value), allowed: this.#range };
  }
}
