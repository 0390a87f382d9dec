import { parseDocument } from "yaml";
import type { EditRefusal } from "./add_subscriptions.ts";

/** The name that the YAML of a profile gives, or why it gives none. */
export function profileNameIn(text: string): string | EditRefusal {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return { line: error.linePos?.[0].line ?? 1, detail: "It is no YAML" };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return { line: 1, detail: "Anchors and aliases cannot be used here" };
  }
  const name: unknown = typeof value === "object" && value !== null
    ? Reflect.get(value, "profile")
    : undefined;
  return typeof name === "string" && name !== ""
    ? name
    : { line: 1, detail: "It is no profile: the key profile with its name is missing" };
}
