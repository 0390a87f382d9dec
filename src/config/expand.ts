import type { ConfigFacts } from "./problem.ts";

/** A text with its environment variables filled in, or what is wrong with it. */
export type Expanded =
  | { readonly kind: "text"; readonly text: string; readonly expanded: boolean }
  | {
    readonly kind: "problem";
    readonly reason: "missing_variable" | "bad_expansion";
    readonly facts: ConfigFacts;
  };

/**
 * Fills in `${NAME}` and `${NAME:-default}`; `$${` stands for a `${` of its own. As in a shell, the default
 * of `:-` also takes the place of an empty variable.
 */
export function expand(text: string, env: (name: string) => string | undefined): Expanded {
  if (!text.includes("${")) return { kind: "text", text, expanded: false };
  let out = "";
  let at = 0;
  let expanded = false;
  while (true) {
    const start = text.indexOf("${", at);
    if (start < 0) return { kind: "text", text: out + text.slice(at), expanded };
    if (text[start - 1] === "$" && start - 1 >= at) {
      out += `${text.slice(at, start - 1)}\${`;
      at = start + 2;
      continue;
    }
    const end = text.indexOf("}", start);
    const inside = end < 0 ? "" : text.slice(start + 2, end);
    const match = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(inside);
    const name = match?.[1];
    if (name === undefined) {
      return {
        kind: "problem",
        reason: "bad_expansion",
        facts: {
          found: end < 0 ? text.slice(start) : text.slice(start, end + 1),
          allowed: "${NAME} or ${NAME:-default}",
          hint: "write $${ for a text that begins with ${",
        },
      };
    }
    const value = env(name);
    const fallback = match?.[2];
    const filled = fallback !== undefined && (value === undefined || value === "") ? fallback : value;
    if (filled === undefined) {
      return {
        kind: "problem",
        reason: "missing_variable",
        facts: { found: name, hint: `set it or give a default: \${${name}:-default}` },
      };
    }
    out += text.slice(at, start) + filled;
    at = end + 1;
    expanded = true;
  }
}
