/** What someone may do; each role may all that the ones before it may. */
export type Role = "viewer" | "operator" | "admin";

const RANK: Readonly<Record<Role, number>> = { viewer: 1, operator: 2, admin: 3 };

/** Whether a role covers another. */
export function covers(has: Role, needs: Role): boolean {
  return RANK[has] >= RANK[needs];
}
