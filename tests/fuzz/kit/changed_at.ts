import type { Path } from "../../../src/model/mod.ts";
import { isMembers, type Members } from "./value_mutators.ts";

/** A copy with another value at a path; what lies on the way is copied, not shared. */
export function changedAt(members: Members, path: Path, value: unknown): Members {
  const [step, ...rest] = path;
  if (step === undefined) return members;
  const inner = members[step];
  const within = isMembers(inner) ? inner : {};
  return { ...members, [step]: rest.length === 0 ? value : changedAt(within, rest, value) };
}
