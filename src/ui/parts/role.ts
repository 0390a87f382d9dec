import type { Role, Viewer } from "../../api/mod.ts";

const RANK: Readonly<Record<Role, number>> = { viewer: 1, operator: 2, admin: 3 };

/** Whether who looks may do what needs a role. The API decides; this only leaves out buttons that it would refuse. */
export function may(viewer: Viewer | null, role: Role): boolean {
  return viewer !== null && RANK[viewer.role] >= RANK[role];
}
