/** A schema of JSON Schema, as `configJsonSchema` gives it. */
type Json = Readonly<Record<string, unknown>>;

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What people write, in words, by the pattern of its text. */
const PATTERNS: readonly (readonly [part: string, words: string])[] = [
  ["(ms|s|m|h|d)", "duration"],
  ["KiB|MiB", "size"],
  ["/(s|m|h)", "rate"],
  ["[0-9]+/[0-9]+", "part"],
];

/** The type of a value in words: `duration`, `whole number 1 to 65535`, `list of text`. */
function typeWords(schema: Json): string {
  const options = list(schema.anyOf).filter(isJson);
  if (options.length > 0) return [...new Set(options.map(typeWords))].join(" or ");
  if (schema.const !== undefined) return code(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map(code).join(" ");
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeWords({ type })).join(" or ");
  switch (schema.type) {
    case "string": {
      const pattern = String(schema.pattern ?? "");
      return PATTERNS.find(([part]) => pattern.includes(part))?.[1] ?? "text";
    }
    case "integer":
    case "number": {
      const kind = schema.type === "integer" ? "whole number" : "number";
      const { minimum, maximum } = schema;
      return minimum === undefined || maximum === undefined ? kind : `${kind} ${minimum} to ${maximum}`;
    }
    case "boolean":
      return "true or false";
    case "array": {
      const pair = list(schema.prefixItems);
      if (pair.length > 0) return `list of ${pair.length}`;
      return isJson(schema.items) ? `list of ${typeWords(schema.items)}` : "list";
    }
    case "object":
      return isJson(schema.additionalProperties) ? "entries by name" : "section";
    default:
      return "any";
  }
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

/** A default that says something: an empty section says nothing. */
function defaultWords(value: unknown): string {
  if (value === undefined || value === "") return "";
  if (isJson(value) && Object.keys(value).length === 0) return "";
  return `default ${code(value)}`;
}

function escaped(text: string): string {
  return text.replace(/[*<\\]/g, "\\$&");
}

/** One line of the reference for each key below a schema, depth first: its path, type, default and description. */
export function keyLines(schema: Json, path = ""): string[] {
  const lines: string[] = [];
  const required = new Set(list(schema.required));
  const below = (child: unknown, childPath: string, isRequired: boolean): void => {
    if (!isJson(child)) return;
    const facts = [typeWords(child), isRequired ? "required" : defaultWords(child.default)];
    const about = typeof child.description === "string" ? `: ${escaped(child.description)}` : "";
    lines.push(`- **\`${childPath}\`** (${facts.filter((fact) => fact !== "").join(", ")})${about}`);
    lines.push(...keyLines(child, childPath));
  };
  const prefix = path === "" ? "" : `${path}.`;
  for (const [key, child] of isJson(schema.properties) ? Object.entries(schema.properties) : []) {
    below(child, `${prefix}${key}`, required.has(key));
  }
  // What stands in a list or under a free name has no line of its own where it is a plain value: its parent says it.
  if (isJson(schema.items)) lines.push(...keyLines(schema.items, `${path}[]`));
  if (isJson(schema.additionalProperties)) lines.push(...keyLines(schema.additionalProperties, `${prefix}*`));
  for (const option of list(schema.anyOf)) if (isJson(option)) lines.push(...keyLines(option, path));
  return lines;
}
