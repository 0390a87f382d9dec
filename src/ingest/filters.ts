/**
 * Leaves out filters that another one covers, and repetitions.
 *
 * A broker may deliver a message once for each overlapping subscription (MQTT 5.0 §3.3.4): a message counted
 * twice. Which subscription a topic belongs to is decided later, from the topic.
 *
 * @param filters MQTT filters
 * @returns the fewest of them that match the same topics, in their order
 */
export function withoutCovered(filters: readonly string[]): string[] {
  const distinct = [...new Set(filters)];
  return distinct.filter((filter) => !distinct.some((other) => other !== filter && covers(other, filter)));
}

/**
 * Does every topic that `narrow` matches also match `wide`?
 *
 * MQTT 5.0 §4.7.1: `#` matches its parent level too; §4.7.2: a leading wildcard matches no `$` topic.
 */
export function covers(wide: string, narrow: string): boolean {
  if (narrow.startsWith("$") && (wide.startsWith("#") || wide.startsWith("+"))) return false;
  const wideLevels = wide.split("/");
  const narrowLevels = narrow.split("/");
  for (const [index, level] of wideLevels.entries()) {
    if (level === "#") return true;
    const other = narrowLevels[index];
    if (other === undefined || other === "#") return false;
    if (level !== "+" && level !== other) return false;
  }
  return wideLevels.length === narrowLevels.length;
}

/** Is there a topic that both filters match? */
export function overlap(one: string, other: string): boolean {
  if (one.startsWith("$") !== other.startsWith("$")) {
    // A leading wildcard matches no `$` topic, and a `$` level is no other literal.
    return false;
  }
  const levels = one.split("/");
  const others = other.split("/");
  for (let index = 0;; index++) {
    const level = levels[index];
    const opposite = others[index];
    if (level === "#" || opposite === "#") return true;
    if (level === undefined || opposite === undefined) return level === opposite;
    if (level !== opposite && level !== "+" && opposite !== "+") return false;
  }
}

/** The filters that match a topic which another one of them matches too. */
export function overlapping(filters: readonly string[]): Set<string> {
  return new Set(
    filters.filter((filter) => filters.some((other) => other !== filter && overlap(filter, other))),
  );
}
