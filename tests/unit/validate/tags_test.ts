import { assertEquals } from "@std/assert";
import type { FieldRule, Tags } from "../../../src/model/mod.ts";
import { compileProfile } from "../../../src/validate/mod.ts";
import { field, profile, refusalOf, refusalsOf, valuesOf } from "./profiles.ts";

const SEVERITY = field("severity", { type: "string", tag: true, required: true, values: ["info", "err"] });
const FACILITY = field("facility", { type: "string", path: ["syslog", "facility"], tag: true, maxLength: 8 });
const MESSAGE = field("message", { type: "string" });

function check(values: unknown, fields: readonly FieldRule[] = [SEVERITY, MESSAGE, FACILITY]) {
  return compileProfile(profile(fields)).check(values, undefined);
}

function tagsOf(values: unknown, fields?: readonly FieldRule[]): Tags {
  const verdict = check(values, fields);
  return verdict.ok ? verdict.tags : [];
}

Deno.test("V23: a tag is no reading: it stands beside them, sorted by name", () => {
  const record = { severity: "err", message: "x", syslog: { facility: "auth" } };
  assertEquals(tagsOf(record), [["facility", "auth"], ["severity", "err"]]);
  assertEquals(valuesOf(check(record)), { message: "x" });
});

Deno.test("V23: an optional tag that is missing or null is no tag", () => {
  assertEquals(tagsOf({ severity: "err", message: "x" }), [["severity", "err"]]);
  assertEquals(tagsOf({ severity: "err", message: "x", syslog: { facility: null } }), [["severity", "err"]]);
});

Deno.test("V23: a record of tags alone has no readings", () => {
  assertEquals(refusalOf(check({ severity: "err", syslog: { facility: "auth" } })), {
    reason: "no_readings",
    found: "an object",
    allowed: "message",
  });
});

for (
  const [what, record, reason] of [
    ["a required tag that is missing", { message: "x" }, "missing_field"],
    ["a text that is not listed", { severity: "warn", message: "x" }, "range"],
    ["a number", { severity: 3, message: "x" }, "type"],
    ["a long text", { severity: "err", message: "x", syslog: { facility: "authority" } }, "too_long"],
    ["an empty text", { severity: "err", message: "x", syslog: { facility: "" } }, "bad_tag"],
    ["a line break", { severity: "err", message: "x", syslog: { facility: "a\nb" } }, "bad_tag"],
    ["a backslash at the end", { severity: "err", message: "x", syslog: { facility: "a\\" } }, "bad_tag"],
    ["half a character", { severity: "err", message: "x", syslog: { facility: "\ud800" } }, "type"],
  ] as const
) {
  Deno.test(`V24: a bad tag refuses the record, also an optional one: ${what}`, () => {
    assertEquals(refusalOf(check(record)).reason, reason);
  });
}

Deno.test("V24: a bad optional field beside good tags is still refused by itself", () => {
  const count = field("count", { type: "int" });
  const verdict = check({ severity: "err", message: "x", count: "many" }, [SEVERITY, MESSAGE, count]);
  assertEquals(refusalsOf(verdict).map(({ field }) => field), ["count"]);
});

Deno.test("V25: no bare value is a tag", () => {
  const one = compileProfile(profile([SEVERITY, MESSAGE]));
  const bare = one.check("hello", undefined, "hello");
  assertEquals(valuesOf(bare), { message: "hello" });
  assertEquals(bare.ok && bare.tags, []);
  assertEquals(refusalOf(one.check("err", "severity", "err")).reason, "no_readings");
});

Deno.test("a field that a profile keeps unnamed cannot have the name of a tag", () => {
  const tag = field("zone", { type: "string", tag: true, path: ["meta", "zone"] });
  const keeps = compileProfile(profile([tag, MESSAGE], { unknownFields: "keep" }));
  const verdict = keeps.check({ meta: { zone: "a" }, zone: 5, extra: 1, message: "x" }, undefined);
  assertEquals(valuesOf(verdict), { message: "x", extra: 1 });
  assertEquals(refusalsOf(verdict).map(({ reason, field }) => [reason, field]), [["unknown_field", "zone"]]);
});
