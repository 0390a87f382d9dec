/** One level of the topics of a kind of message. */
export interface Level {
  /** Different texts that were seen there, at most `MOST_TEXTS`. */
  readonly texts: Set<string>;
  /** It is one of several: a device, a place, a line. */
  varies: boolean;
}

/** Different texts of a level that are remembered. */
export const MOST_TEXTS = 20;

/** Words that say what a message is, not whose. */
const ROLES: ReadonlySet<string> = new Set([
  ...[
    "data",
    "event",
    "events",
    "info",
    "json",
    "measurement",
    "measurements",
    "message",
    "messages",
    "out",
    "raw",
  ],
  ...[
    "reading",
    "readings",
    "report",
    "reports",
    "sensor",
    "sensors",
    "state",
    "states",
    "status",
    "tele",
    "stat",
  ],
  ...[
    "telemetry",
    "up",
    "uplink",
    "value",
    "values",
    "v1",
    "v2",
    "v3",
    "device",
    "devices",
    "node",
    "nodes",
    "host",
  ],
  ...[
    "hosts",
    "machine",
    "machines",
    "meter",
    "meters",
    "site",
    "sites",
    "plant",
    "plants",
    "area",
    "areas",
    "room",
  ],
  ...[
    "rooms",
    "line",
    "lines",
    "home",
    "house",
    "building",
    "buildings",
    "floor",
    "mqtt",
    "api",
    "app",
    "dev",
    "prod",
  ],
]);

/** Words whose next level is a device. */
const BEFORE_A_DEVICE =
  /^(?:devices?|sensors?|nodes?|hosts?|machines?|meters?|gateways?|things?|tele|stat|shellies)$/i;

/** The levels of one topic. */
export function levelsOf(parts: readonly string[]): Level[] {
  return parts.map((text) => ({ texts: new Set([text]), varies: false }));
}

/** How much a text looks like a name that one of many has: 0 a word for a role, 1 some word, 2 has a number, 3 an id. */
export function idScore(text: string): 0 | 1 | 2 | 3 {
  if (text === "" || ROLES.has(text.toLowerCase())) return 0;
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)) return 3;
  if (/^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(text)) return 3;
  if (/^(?:0x)?[0-9a-f]{8,}$/i.test(text) && /\d/.test(text)) return 3;
  return /\d/.test(text) ? 2 : 1;
}

/** What two texts have in common where only their numbers differ: `boiler-1` and `boiler-12`. */
function stem(text: string): string {
  return text.toLowerCase().replaceAll(/\d+/g, "#");
}

/** The levels at which a topic is none of the kind, as far as it is known. */
export function strangeLevels(levels: readonly Level[], parts: readonly string[]): number[] {
  return levels.flatMap((level, index) => level.varies || level.texts.has(parts[index] ?? "") ? [] : [index]);
}

/**
 * Whether topics of the same payload may differ at these levels and still be one kind of message: at a single one; or
 * where ids stand, or texts that differ in their numbers alone.
 *
 * @param strange what `strangeLevels` has found
 */
export function mayVary(
  levels: readonly Level[],
  parts: readonly string[],
  strange: readonly number[],
): boolean {
  const words = strange.filter((index) => {
    const text = parts[index] ?? "";
    const known = [...levels[index]?.texts ?? []];
    if (known.some((other) => stem(other) === stem(text))) return false;
    return !(idScore(text) >= 2 && known.every((other) => idScore(other) >= 2));
  });
  if (words.length === 0) return true;
  const [only] = words;
  if (words.length > 1 || only === undefined) return false;
  // A role in the place of another is another kind of message, whatever it says.
  const roles = [parts[only] ?? "", ...levels[only]?.texts ?? []].map((text) => idScore(text) === 0);
  return !roles.includes(true);
}

/** Notes the texts of a topic; a level with another text varies from now on. @returns whether one began to */
export function takeParts(levels: readonly Level[], parts: readonly string[]): boolean {
  let widened = false;
  for (const [index, level] of levels.entries()) {
    const text = parts[index] ?? "";
    if (level.texts.has(text)) continue;
    if (level.texts.size < MOST_TEXTS) level.texts.add(text);
    if (!level.varies) widened = level.varies = true;
  }
  return widened;
}

/**
 * Which level says whose message it is.
 *
 * Of those that vary: the one that looks most like ids, then that with most texts, then the last. Where none varies
 * yet, the best guess: what looks like an id, what stands behind a word such as `devices`, the last word of no role.
 *
 * @returns `undefined` where nothing looks like a device
 */
export function deviceLevel(levels: readonly Level[], besides: readonly number[] = []): number | undefined {
  const open = levels.map((_, index) => index).filter((index) => !besides.includes(index));
  const varying = open.filter((index) => levels[index]?.varies === true);
  if (varying.length > 0) {
    return best(varying, (index) => 100 * averageScore(levels[index]) + (levels[index]?.texts.size ?? 0));
  }
  const guess = best(open, (index) => {
    const score = averageScore(levels[index]);
    if (score === 0) return 0;
    const before = [...levels[index - 1]?.texts ?? []][0] ?? "";
    return 2 * score + (BEFORE_A_DEVICE.test(before) ? 3 : 0) - (index === 0 && levels.length > 1 ? 1 : 0);
  });
  return guess !== undefined && averageScore(levels[guess]) > 0 ? guess : undefined;
}

function averageScore(level: Level | undefined): number {
  const texts = [...level?.texts ?? []];
  return texts.reduce((sum, text) => sum + idScore(text), 0) / Math.max(1, texts.length);
}

/** The last of those with the highest score. */
function best(indices: readonly number[], score: (index: number) => number): number | undefined {
  let found: number | undefined;
  let highest = -Infinity;
  for (const index of indices) {
    const own = score(index);
    if (own < highest) continue;
    [found, highest] = [index, own];
  }
  return found;
}
