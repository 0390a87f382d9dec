/** A topic template taken apart: `site/{site}/{device}/telemetry`. */
export interface TopicTemplate {
  /** The template as it was written. */
  readonly text: string;
  /** The MQTT filter to subscribe to: each named level becomes `+`. */
  readonly filter: string;
  /** The levels in order. */
  readonly levels: readonly TopicLevel[];
}

/** One level of a template. */
export type TopicLevel =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "any" }
  | { readonly kind: "rest" };

/** Why a text is no template. */
export interface TopicProblem {
  /** What is wrong, as data. */
  readonly reason:
    | "empty"
    | "wildcard_in_level"
    | "rest_not_last"
    | "bad_name"
    | "name_twice"
    | "shared"
    | "nul"
    | "too_long";
  /** The level or name that it is about. */
  readonly found: string;
}

/**
 * Takes a topic template apart. MQTT 5.0 §4.7 gives the rules of filters; `{name}` stands for one whole level.
 *
 * @param text template, e.g. `site/{site}/{device}/telemetry`; `+` and a last `#` are allowed and name nothing
 * @returns the template, or why it is none
 */
export function parseTemplate(text: string): TopicTemplate | TopicProblem {
  if (text === "") return { reason: "empty", found: text };
  if (text.includes("\0")) return { reason: "nul", found: text };
  if (new TextEncoder().encode(text).length > 65_535) return { reason: "too_long", found: text.slice(0, 40) };
  if (text.startsWith("$share/")) return { reason: "shared", found: text };
  const parts = text.split("/");
  const levels: TopicLevel[] = [];
  const names = new Set<string>();
  for (const [index, part] of parts.entries()) {
    if (part === "+") {
      levels.push({ kind: "any" });
    } else if (part === "#") {
      if (index !== parts.length - 1) return { reason: "rest_not_last", found: text };
      levels.push({ kind: "rest" });
    } else if (part.startsWith("{") && part.endsWith("}")) {
      const name = part.slice(1, -1);
      if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) return { reason: "bad_name", found: part };
      if (names.has(name)) return { reason: "name_twice", found: part };
      names.add(name);
      levels.push({ kind: "named", name });
    } else if (/[+#{}]/.test(part)) {
      return { reason: "wildcard_in_level", found: part };
    } else {
      levels.push({ kind: "literal", text: part });
    }
  }
  const filter = levels.map((level) =>
    level.kind === "literal" ? level.text : level.kind === "rest" ? "#" : "+"
  ).join("/");
  return { text, filter, levels };
}

/**
 * Holds a topic against a template.
 *
 * A filter that begins with a wildcard does not match a topic that begins with `$` (MQTT 5.0 §4.7.2).
 *
 * @returns the named levels in the template's order, or `undefined` where the topic does not match
 */
export function matchTopic(
  template: TopicTemplate,
  topic: string,
): (readonly [string, string])[] | undefined {
  const levels = template.levels;
  const parts = topic.split("/");
  const first = levels[0];
  if (topic.startsWith("$") && first !== undefined && first.kind !== "literal") return undefined;
  const named: (readonly [string, string])[] = [];
  for (let index = 0; index < levels.length; index++) {
    const level = levels[index];
    if (level === undefined) return undefined;
    if (level.kind === "rest") return named;
    const part = parts[index];
    if (part === undefined) return undefined;
    if (level.kind === "literal" && level.text !== part) return undefined;
    if (level.kind === "named") named.push([level.name, part]);
  }
  if (parts.length !== levels.length) return undefined;
  return named;
}
