import { z } from "zod";
import { NOT_AVAILABLE, segments } from "./not_available.ts";
import { configSchema } from "./schema.ts";
import { profileSchema } from "./sections/profile.ts";

type Json = Record<string, unknown>;

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function alternatives(schema: Json): Json[] {
  return Array.isArray(schema.anyOf) ? schema.anyOf.filter(isJson) : [];
}

/** The schemas of JSON Schema that stand one step below. */
function children(schema: Json, step: string): Json[] {
  const own = step === "[]"
    ? schema.items
    : step === "*"
    ? schema.additionalProperties
    : isJson(schema.properties)
    ? schema.properties[step]
    : undefined;
  return [...(isJson(own) ? [own] : []), ...alternatives(schema).flatMap((one) => children(one, step))];
}

/** Takes out what is not available yet, so that an editor offers only what `check` accepts. */
function prune(schema: Json, file: "config" | "profile"): Json {
  for (const entry of NOT_AVAILABLE) {
    if (entry.file !== file) continue;
    const steps = segments(entry.path);
    const last = steps.at(-1) ?? "";
    const parents = steps.slice(0, -1).reduce((at, step) => at.flatMap((one) => children(one, step)), [
      schema,
    ]);
    for (const parent of parents.flatMap((one) => [one, ...alternatives(one)])) {
      if (entry.values !== undefined) {
        for (const child of children(parent, last)) {
          if (Array.isArray(child.enum)) {
            child.enum = child.enum.filter((one) => !entry.values?.includes(one));
          }
        }
      } else if (isJson(parent.properties)) {
        const child = parent.properties[last];
        if (entry.except === undefined) delete parent.properties[last];
        else if (isJson(child)) {
          const { description } = child;
          parent.properties[last] = { description, default: entry.except, const: entry.except };
        }
      }
    }
  }
  return schema;
}

function make(schema: z.ZodType, file: "config" | "profile", title: string): object {
  return { title, ...prune(z.toJSONSchema(schema, { io: "input" }), file) };
}

/** The JSON Schema (draft 2020-12) of the configuration file, for editors. */
export function configJsonSchema(): object {
  return make(configSchema, "config", "Configuration of a Sluice gateway");
}

/** The JSON Schema (draft 2020-12) of a device profile, for editors. */
export function profileJsonSchema(): object {
  return make(profileSchema, "profile", "Device profile of a Sluice gateway");
}
