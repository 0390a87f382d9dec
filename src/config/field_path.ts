import type { Path } from "../model/mod.ts";

/**
 * Reads a path into a payload: keys with dots, list indices in brackets, and a quoted key in brackets where
 * it holds a dot or a bracket itself: `sensors.vib[0]`, `data["a.b"].value`.
 *
 * @returns the path, or `undefined` where the text is none
 */
export function parseFieldPath(text: string): Path | undefined {
  const parts: (string | number)[] = [];
  const token = /(?<key>[^.[\]"]+)|\[(?<index>\d{1,9})\]|\[(?<quoted>"(?:[^"\\]|\\.)*")\]/y;
  let at = 0;
  while (at < text.length) {
    if (text[at] === ".") {
      if (at === 0) return undefined;
      at++;
    } else if (at > 0 && text[at] !== "[") {
      return undefined;
    }
    token.lastIndex = at;
    const groups = token.exec(text)?.groups;
    if (groups === undefined) return undefined;
    if (groups.key !== undefined) parts.push(groups.key);
    else if (groups.index !== undefined) parts.push(Number(groups.index));
    else {
      const key = unquote(groups.quoted ?? "");
      if (key === undefined) return undefined;
      parts.push(key);
    }
    at = token.lastIndex;
  }
  return parts.length === 0 ? undefined : parts;
}

/** The text that `parseFieldPath` reads as this path. */
export function writeFieldPath(path: Path): string {
  return path.map((step, at) =>
    typeof step === "number"
      ? `[${step}]`
      : /[.[\]"]/.test(step)
      ? `[${JSON.stringify(step)}]`
      : at === 0
      ? step
      : `.${step}`
  ).join("");
}

function unquote(text: string): string | undefined {
  try {
    const key: unknown = JSON.parse(text);
    return typeof key === "string" ? key : undefined;
  } catch {
    return undefined;
  }
}
