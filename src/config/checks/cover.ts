import type { TopicTemplate } from "../../model/mod.ts";

/**
 * Whether every topic that `later` matches is matched by `earlier` too (MQTT 5.0 §4.7): `#` takes all levels
 * from its place on, also none; `+` takes any one level; a first wildcard takes no topic that begins with `$`.
 */
export function covers(earlier: TopicTemplate, later: TopicTemplate): boolean {
  const a = earlier.levels;
  const b = later.levels;
  const first = a[0];
  const firstLater = b[0];
  const dollar = firstLater?.kind === "literal" && firstLater.text.startsWith("$");
  if (dollar && first !== undefined && first.kind !== "literal") return false;
  for (let index = 0; index < a.length; index++) {
    const mine = a[index];
    const other = b[index];
    if (mine === undefined) return false;
    if (mine.kind === "rest") return true;
    if (other === undefined || other.kind === "rest") return false;
    if (mine.kind === "literal" && !(other.kind === "literal" && other.text === mine.text)) return false;
  }
  return a.length === b.length;
}
