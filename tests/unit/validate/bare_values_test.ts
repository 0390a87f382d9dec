import { assertEquals } from "@std/assert";
import type { Profile } from "../../../src/model/mod.ts";
import { compileProfile } from "../../../src/validate/mod.ts";
import { field, profile, refusalOf, refusalsOf, valuesOf } from "./profiles.ts";

function room(changes: Partial<Profile> = {}): Profile {
  return profile([
    field("temperature", { path: ["t"], range: [-40, 125] }),
    field("door", { type: "boolean", required: true }),
    field("firmware", { type: "string" }),
    field("t", { path: ["other"] }),
  ], { time: { path: ["ts"], unit: "ms" }, sequence: ["seq"], ...changes });
}

Deno.test("V20 the topic names the field by its key in a payload", () => {
  assertEquals(valuesOf(compileProfile(room()).check(21.5, "t")), { temperature: 21.5 });
});

Deno.test("V20 the topic names the field by its own name", () => {
  assertEquals(valuesOf(compileProfile(room()).check(21.5, "temperature")), { temperature: 21.5 });
});

Deno.test("V20 the only field of a profile needs no name", () => {
  const checker = compileProfile(profile([field("level", { path: ["a", "b"] })]));
  assertEquals(valuesOf(checker.check(5, undefined)), { level: 5 });
});

Deno.test("V20 a bare value that nothing names holds no readings", () => {
  const refusal = refusalOf(compileProfile(room()).check(5, undefined));
  assertEquals([refusal.reason, refusal.found], ["no_readings", "5"]);
  assertEquals(refusalOf(compileProfile(room()).check(null, "t")).reason, "no_readings");
  assertEquals(refusalOf(compileProfile(room()).check(undefined, "t")).reason, "no_readings");
});

Deno.test("V21 other required fields, time and sequence are not asked for", () => {
  assertEquals(valuesOf(compileProfile(room()).check("1.2", "firmware", "1.2")), { firmware: "1.2" });
});

Deno.test("V21 a bad value is refused as in a record", () => {
  const checker = compileProfile(room());
  const [refusal] = refusalsOf(checker.check(200, "temperature"));
  assertEquals([refusal?.reason, refusal?.field], ["range", "temperature"]);
  assertEquals(refusalOf(checker.check("on", "door", "on")).reason, "type");
});

Deno.test("V22 a field that holds text gets the value as it was sent", () => {
  const checker = compileProfile(room());
  assertEquals(valuesOf(checker.check(1.1, "firmware", "1.10")), { firmware: "1.10" });
  assertEquals(valuesOf(checker.check(true, "firmware", "true")), { firmware: "true" });
  assertEquals(refusalOf(checker.check("true", "door", "true")).reason, "type");
});

Deno.test("V11 V12 V13 a topic level that no field has is ignored, refused or kept", () => {
  assertEquals(refusalOf(compileProfile(room()).check(5, "x")).reason, "no_readings");
  const rejecting = compileProfile(room({ unknownFields: "reject" }));
  const refusal = refusalOf(rejecting.check(5, "x"));
  assertEquals([refusal.reason, refusal.field], ["unknown_field", "x"]);
  const keeping = compileProfile(room({ unknownFields: "keep" }));
  assertEquals(valuesOf(keeping.check(5, "x")), { x: 5 });
  assertEquals(refusalsOf(keeping.check("five", "x", "five")).map((one) => one.reason), ["type"]);
  assertEquals(refusalOf(keeping.check(5, "seq")).reason, "no_readings");
});
