import { assertEquals } from "@std/assert";
import { configJsonSchema, profileJsonSchema } from "../../../src/config/mod.ts";
import { NOT_AVAILABLE } from "../../../src/config/not_available.ts";

type Json = Record<string, unknown>;

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every property of a JSON Schema with its path. */
function* properties(schema: unknown, path: string): Generator<readonly [string, Json]> {
  if (!isJson(schema)) return;
  if (isJson(schema.properties)) {
    for (const [key, one] of Object.entries(schema.properties)) {
      if (!isJson(one)) continue;
      yield [`${path}.${key}`, one];
      yield* properties(one, `${path}.${key}`);
    }
  }
  yield* properties(schema.items, `${path}[]`);
  yield* properties(schema.additionalProperties, `${path}.*`);
  if (Array.isArray(schema.anyOf)) { for (const one of schema.anyOf) yield* properties(one, path); }
}

Deno.test("every key of the configuration and of a profile is described", () => {
  const all = [...properties(configJsonSchema(), ""), ...properties(profileJsonSchema(), "profile")];
  assertEquals(all.length > 120, true, `${all.length} keys`);
  for (const [path, one] of all) {
    assertEquals(typeof one.description === "string" && one.description.length > 4, true, path);
  }
});

Deno.test("an editor is offered nothing that is not available yet", () => {
  const text = JSON.stringify([configJsonSchema(), profileJsonSchema()]);
  for (const entry of NOT_AVAILABLE) {
    for (const value of entry.values ?? []) assertEquals(text.includes(`"${value}"`), false, value);
  }
  const paths = [...properties(configJsonSchema(), "")].map(([path]) => path);
  assertEquals(paths.includes(".alerts[].above"), true);
  assertEquals(paths.includes(".history.keep"), true);
});

Deno.test("the schema shows what people write: texts with units, and their defaults", () => {
  const all = new Map(properties(configJsonSchema(), ""));
  assertEquals(all.get(".mqtt.keepalive")?.type, "string");
  assertEquals(all.get(".mqtt.keepalive")?.default, "30s");
  assertEquals(all.get(".buffer.max_bytes")?.default, "1GiB");
  assertEquals(all.get(".mqtt.receive_maximum")?.maximum, 65_535);
  assertEquals(all.get(".log.level")?.enum, ["debug", "info", "warn", "error"]);
});
