import { nameOf, type OpenapiDocument, type Route, type Schema } from "./openapi.ts";

/** How deep an example goes. */
const DEEPEST = 4;

/** A value that a schema allows, for an example: what it names itself, else something plain of its type. */
export function sampleOf(schema: Schema | undefined, document: OpenapiDocument, depth = 0): unknown {
  if (schema === undefined || depth > DEEPEST) return null;
  if (schema.example !== undefined) return schema.example;
  if (schema.$ref !== undefined) {
    return sampleOf(document.components.schemas?.[nameOf(schema.$ref)], document, depth + 1);
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (choice !== undefined) return sampleOf(choice, document, depth + 1);
  const type = typeof schema.type === "string" ? schema.type : schema.type?.find((one) => one !== "null");
  switch (type) {
    case "object":
      return Object.fromEntries(
        wanted(schema).map((
          [name, one],
        ) => [name, sampleOf(one, document, depth + 1)]),
      );
    case "array":
      return [sampleOf(schema.items, document, depth + 1)];
    case "integer":
    case "number":
      return schema.default ?? schema.minimum ?? 1;
    case "boolean":
      return schema.default ?? true;
    default:
      return schema.default ?? (schema.format === "date-time" ? "2026-07-01T14:00:00Z" : "…");
  }
}

/** The fields that must be there; where none must, those with an example; else the first. */
function wanted({ properties = {}, required = [] }: Schema): [string, Schema][] {
  const all = Object.entries(properties);
  const needed = all.filter(([name]) => required.includes(name));
  if (needed.length > 0) return needed;
  const shown = all.filter(([, { example }]) => example !== undefined);
  return shown.length > 0 ? shown : all.slice(0, 1);
}

/**
 * A call of a route for a shell, with the address in `$SLUICE` and the token in `$TOKEN`.
 *
 * @param open nobody needs a token here: anyone on this machine is let in
 */
export function curlOf({ method, path, operation }: Route, document: OpenapiDocument, open: boolean): string {
  const lines = ["curl"];
  const streams = operation.responses[200]?.content?.["text/event-stream"] !== undefined;
  if (streams) lines[0] += " --no-buffer";
  if (method !== "GET") lines[0] += ` --request ${method}`;
  const role = operation["x-role"];
  if (role !== "none" && !(open && role !== "admin")) lines.push('--header "Authorization: Bearer $TOKEN"');
  else if (role !== "none" && method !== "GET") lines.push('--header "x-sluice-request: page"');
  const schema = operation.requestBody?.content["application/json"]?.schema;
  if (schema !== undefined) {
    lines.push('--header "Content-Type: application/json"');
    lines.push(`--data '${JSON.stringify(sampleOf(schema, document)).replaceAll("'", "'\\''")}'`);
  }
  const address = `"$SLUICE${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase())}"`;
  return lines.length === 1 ? `${lines[0]} ${address}` : [...lines, address].join(" \\\n  ");
}
