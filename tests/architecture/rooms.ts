/**
 * The dependency rule as data: which room of src/ may import which. The lint plug-in and the test both read
 * it; src/ARCHITECTURE.md draws it.
 * @module
 */

/** A room (a folder of src/, or a file standing in src/ itself) and what it may import besides itself. */
export interface Room {
  /** Rooms of a lower rank that this room may import, by name; `"below"` allows every room of lower rank. */
  readonly may: readonly string[];
  /** Position in the river; imports never go to the same or a higher rank. */
  readonly rank: number;
}

const stage: Room = { rank: 1, may: ["model"] };

/** Every room of src/. A folder that is not listed here is a breach. */
export const ROOMS: Readonly<Record<string, Room>> = {
  "model": { rank: 0, may: [] },
  "clock.ts": { rank: 0, may: [] },
  "lifecycle.ts": { rank: 0, may: ["clock.ts"] },
  "journal": { rank: 0, may: [] },
  "retry": { rank: 0, may: ["clock.ts"] },
  "observe": { rank: 0, may: ["model"] },
  "config": stage,
  "decode": stage,
  "validate": stage,
  "enrich": stage,
  "alerts": stage,
  "downsample": stage,
  "pipeline": { rank: 2, may: ["below"] },
  "buffer": { rank: 2, may: ["model", "journal"] },
  "audit": { rank: 2, may: ["model", "journal"] },
  "ingest": { rank: 3, may: ["model", "buffer", "retry", "observe", "clock.ts"] },
  "forward": { rank: 3, may: ["model", "buffer", "retry", "observe", "clock.ts"] },
  "notify": { rank: 3, may: ["model", "buffer", "retry", "observe", "clock.ts"] },
  "history": { rank: 3, may: ["model", "observe", "clock.ts"] },
  "explain": { rank: 3, may: ["below"] },
  "verify": { rank: 3, may: [] },
  "learn": { rank: 3, may: ["model", "config", "decode"] },
  "replay": { rank: 4, may: ["below"] },
  "api": { rank: 4, may: ["model", "observe", "clock.ts"] },
  "ui": { rank: 4, may: ["model", "api"] },
  "gateway": { rank: 5, may: ["below"] },
  "cli": { rank: 6, may: ["below"] },
};

/** Rooms at the edge, and who may import them beside the composition root and the command line. */
const EDGES: Readonly<Record<string, readonly string[]>> = { "api": ["ui"], "ui": [] };

/** Which room a path inside src/ belongs to: `journal/segment.ts` → `journal`, `clock.ts` → `clock.ts`. */
export function roomOf(pathInSrc: string): string {
  const slash = pathInSrc.indexOf("/");
  return slash < 0 ? pathInSrc : pathInSrc.slice(0, slash);
}

/**
 * Judges one import between two files of src/.
 *
 * @param from path of the importing file, relative to src/
 * @param to path of the imported file, relative to src/
 * @returns what is wrong and what to do, or `undefined` where the import is allowed
 */
export function breach(from: string, to: string): string | undefined {
  const importer = roomOf(from);
  const imported = roomOf(to);
  if (importer === imported) return undefined;
  const own = ROOMS[importer];
  const other = ROOMS[imported];
  if (own === undefined) {
    return `The room "${importer}" is not in tests/architecture/rooms.ts: add it with its rank`;
  }
  if (other === undefined) {
    return `The room "${imported}" is not in tests/architecture/rooms.ts: add it with its rank`;
  }
  if (to.includes("/") && !to.endsWith("/mod.ts") && !to.endsWith("/mod.tsx")) {
    return `"${to}" is private to its room: import "${imported}/mod.ts"`;
  }
  const others = EDGES[imported];
  if (others !== undefined && own.rank < 5 && !others.includes(importer)) {
    return `Only ${
      [...others, "gateway"].map((room) => `${room}/`).join(", ")
    } and cli/ import "${imported}"`;
  }
  const allowed = own.may.includes(imported) || (own.may.includes("below") && other.rank < own.rank);
  if (allowed) return undefined;
  return `"${importer}" (rank ${own.rank}) may not import "${imported}" (rank ${other.rank}): declare the narrow ` +
    `interface it needs beside itself and let gateway/ hand it in`;
}

/** Names that ranks 1 and below must not use: the pure core has no clock, no dice, no I/O. */
export const IMPURE_GLOBALS: ReadonlySet<string> = new Set([
  "Date",
  "Deno",
  "setTimeout",
  "setInterval",
  "fetch",
]);

/** Rooms of rank 1 and below that may touch the outside: they are its edge. */
export const EDGES_OF_THE_CORE: ReadonlySet<string> = new Set([
  "clock.ts",
  "lifecycle.ts",
  "journal",
  "retry",
  "observe",
  "config",
]);
