import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { FieldRule, Reason, Refusal, Value } from "../../../src/model/mod.ts";
import { compileProfile } from "../../../src/validate/mod.ts";
import { field, profile, refusalOf, refusalsOf, valuesOf } from "./profiles.ts";

type Changes = Partial<FieldRule>;

function judge(changes: Changes, raw: unknown): Value | Refusal | undefined {
  const verdict = compileProfile(profile([field("f", changes)])).check({ f: raw }, undefined);
  return verdict.ok ? valuesOf(verdict)["f"] ?? verdict.refusals[0] : verdict.refusal;
}

const ACCEPTED: readonly [string, Changes, unknown, Value][] = [
  ["V6 a float takes a number", {}, 21.5, 21.5],
  ["V6 a float takes an integer beyond 2^53 as the nearest number", {}, 2n ** 63n, 2 ** 63],
  ["V7 an int takes 5.0, which JSON does not tell from 5", { type: "int" }, 5.0, 5],
  ["V7 an int takes 2^53 − 1", { type: "int" }, 9007199254740991, 9007199254740991],
  ["V7 an int takes −(2^53 − 1)", { type: "int" }, -9007199254740991, -9007199254740991],
  ["V7 an int has one zero", { type: "int" }, -0, 0],
  ["V7 an int is rounded within the rounding of its scale", { type: "int", scale: 100 }, 0.29, 29],
  [
    "V7 an int beyond 2^53 that the scale brings back is taken",
    { type: "int", scale: 1e-6 },
    10n ** 18n,
    1e12,
  ],
  ["V8 a boolean takes true", { type: "boolean" }, true, true],
  ["V8 a boolean takes false", { type: "boolean" }, false, false],
  ["V9 a string takes line breaks", { type: "string" }, "a\nb", "a\nb"],
  ["V9 a string takes an emoji", { type: "string", maxLength: 2 }, "😀", "😀"],
  ["V9 a string takes no characters at all", { type: "string" }, "", ""],
  ["V9a a string takes a text of its list", { type: "string", values: ["info", "err"] }, "err", "err"],
  ["V10 scale and offset apply", { scale: 9.81, offset: -1 }, 2, 18.62],
  ["V10 the lower end is included", { range: [-40, 125] }, -40, -40],
  ["V10 the upper end is included", { range: [-40, 125] }, 125, 125],
  ["V10 the range is held against the scaled value", { range: [0, 1], scale: 0.01 }, 100, 1],
];

for (const [what, changes, raw, expected] of ACCEPTED) {
  Deno.test(what, () => assertEquals(judge(changes, raw), expected));
}

const REFUSED: readonly [string, Changes, unknown, Reason, Partial<Refusal>?][] = [
  ["V6 a float takes no number in quotes", {}, "21.5", "type", {
    found: "21.5",
    allowed: "a number",
    hint: "it is a text: send it without quotes",
  }],
  ["V6 a float takes no text", {}, "warm", "type", { hint: "it is a text" }],
  ["V6 a float takes no empty text", {}, "", "type", { hint: "it is a text" }],
  ["V6 a float takes no boolean", {}, true, "type", { found: "true" }],
  ["V6 a float takes no object", {}, { value: 1 }, "type", { found: "an object" }],
  ["V6 a float takes no array", {}, [1], "type", { found: "an array" }],
  ["V6 a float is finite", {}, JSON.parse("1e400"), "range", {
    found: "Infinity",
    allowed: "a finite number",
  }],
  ["V6 NaN is no value", {}, NaN, "range", { found: "NaN" }],
  ["V6 a bigint beyond every number is not finite", {}, 10n ** 400n, "range", { found: "Infinity" }],
  ["V7 an int takes no fraction", { type: "int" }, 1.5, "type", { allowed: "a whole number" }],
  ["V7 an unscaled int near a whole number is no whole number", { type: "int" }, 1.0000000000000002, "type"],
  ["V7 scaling makes no whole number of any", { type: "int", scale: 0.5 }, 3, "type", { found: "1.5" }],
  ["V7 an int of 2^53 cannot be carried", { type: "int" }, 9007199254740992n, "range", {
    found: "9007199254740992",
    hint: "it cannot be carried exactly",
  }],
  ["V7 an int of 2^63 is named digit by digit", { type: "int" }, 9223372036854775808n, "range", {
    found: "9223372036854775808",
  }],
  ["V7 an int of −2^53 cannot be carried", { type: "int" }, -9007199254740992n, "range"],
  ["V7 an int of 1e300 cannot be carried", { type: "int" }, 1e300, "range"],
  ["V7 an int that the scale drives beyond 2^53", { type: "int", scale: 1e6 }, 2 ** 50, "range"],
  ["V8 a boolean takes no 1", { type: "boolean" }, 1, "type", {
    hint: "send true or false instead of 1 or 0",
  }],
  ["V8 a boolean takes no 0", { type: "boolean" }, 0, "type"],
  ["V8 a boolean takes no text", { type: "boolean" }, "true", "type", { allowed: "true or false" }],
  ["V9 a string takes no number", { type: "string" }, 5, "type", { allowed: "a text" }],
  ["V9 a string takes no half of a surrogate pair", { type: "string" }, "a\ud800", "type"],
  ["V9 a string has its longest", { type: "string", maxLength: 3 }, "abcd", "too_long", {
    allowed: "at most 3 characters",
    hint: "it has 4",
  }],
  [
    "V9a a string takes no text beside its list",
    { type: "string", values: ["info", "err"] },
    "warn",
    "range",
    {
      found: "warn",
      allowed: "info, err",
    },
  ],
  [
    "V9a a string of a list is taken to the letter",
    { type: "string", values: ["info", "err"] },
    " Err",
    "range",
    {
      hint: 'write it as "err"',
    },
  ],
  ["V10 below the range", { range: [-40, 125], unit: "degC" }, -40.1, "range", {
    found: "-40.1",
    allowed: "-40 … 125 degC",
  }],
  ["V10 above the range", { range: [-40, 125] }, 125.1, "range", { allowed: "-40 … 125" }],
  ["V10 scaled beyond every number", { scale: 1e300 }, 1e300, "range", { found: "Infinity" }],
];

for (const [what, changes, raw, reason, facts = {}] of REFUSED) {
  Deno.test(what, () => {
    const whole = field("f", { ...changes, required: true });
    const single = compileProfile(profile([field("f", changes)])).check({ f: raw }, undefined);
    const [refusal, ...more] = refusalsOf(single);
    assert(refusal !== undefined);
    assertEquals(more, []);
    assertEquals({ ...refusal, ...facts, reason, field: "f" }, refusal);
    assertEquals(refusalOf(compileProfile(profile([whole])).check({ f: raw }, undefined)), refusal);
  });
}

Deno.test("V6–V10 whatever is accepted is finite, exact and of its type (property)", () => {
  const rules = [
    field("f", { range: [-5, 5] }),
    field("i", { type: "int", scale: 0.1 }),
    field("b", { type: "boolean" }),
    field("s", { type: "string", maxLength: 5 }),
  ];
  const checker = compileProfile(profile(rules));
  const raw = fc.anything({ withBigInt: true });
  fc.assert(fc.property(raw, raw, raw, raw, (f, i, b, s) => {
    const verdict = checker.check({ f, i, b, s }, undefined);
    if (!verdict.ok) return;
    const missing = [f, i, b, s].filter((one) => one === undefined || one === null).length;
    assertEquals(verdict.fields.length + verdict.refusals.length, 4 - missing);
    for (const { rule, value } of verdict.fields) {
      if (rule.name === "f") assert(typeof value === "number" && value >= -5 && value <= 5);
      if (rule.name === "i") assert(Number.isSafeInteger(value) && !Object.is(value, -0));
      if (rule.name === "b") assert(typeof value === "boolean");
      if (rule.name === "s") assert(typeof value === "string" && value.length <= 5 && value.isWellFormed());
    }
  }));
});
