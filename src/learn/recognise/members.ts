import { type Format, nameProblem, type Path } from "../../model/mod.ts";

/** One value of a record with its place. */
export interface Member {
  readonly path: Path;
  readonly value: string | number | bigint | boolean | null;
  /** It tells series apart and is no reading: a tag of line protocol. */
  readonly tag: boolean;
}

/** Values of one record that are looked at. */
export const MOST_MEMBERS = 64;
const DEEPEST = 4;
const LONGEST_KEY = 120;
/** Lists up to this length are looked into: three axes, a few phases. */
const LONGEST_LIST = 8;

/** The single values of a record, in its order: members of objects, elements of short lists. */
export function membersOf(record: unknown, format: Format): Member[] {
  const found: Member[] = [];
  visit(record, [], found);
  if (format !== "line_protocol") return found;
  // The measurement says what the line is, as the topic does.
  return found.filter(({ path }) => path[0] !== "measurement").map((member) => ({
    ...member,
    tag: member.path.length > 1 && member.path[0] === "tags",
  }));
}

function visit(value: unknown, path: Path, found: Member[]): void {
  if (found.length >= MOST_MEMBERS) return;
  if (value === null || ["string", "number", "bigint", "boolean"].includes(typeof value)) {
    found.push({ path, value: value as Member["value"], tag: false });
    return;
  }
  if (typeof value !== "object" || path.length >= DEEPEST) return;
  if (Array.isArray(value)) {
    if (value.length <= LONGEST_LIST) value.forEach((one, index) => visit(one, [...path, index], found));
    return;
  }
  for (const [key, one] of Object.entries(value)) {
    if (usable(key)) visit(one, [...path, key], found);
  }
}

/** A key that a path can name, and that is no text of its own. */
function usable(key: string): boolean {
  const problem = nameProblem(key);
  return key.length <= LONGEST_KEY && problem !== "empty" && problem !== "control_character" &&
    problem !== "lone_surrogate";
}

/** A path as a key of maps. */
export function pathKey(path: Path): string {
  return JSON.stringify(path);
}
