import type { Window } from "../downsample/mod.ts";
import type { AlertEvent, InboxRecord, Point, ReinjectedItem, Stamp } from "../model/mod.ts";
import { type Reinject, reinject } from "./reinject.ts";
import type { River, RiverOutput } from "./river.ts";
import { restoreRiver, snapshotRiver } from "./snapshot.ts";

/** Far enough for every window to be written for idleness, ms. */
const LATER = 366 * 86_400_000;
/** Journal time between two entries, ms: each window says by it which of them it got last. */
const STEP = 1 / 1_024;

/**
 * What would become of entries of the quarantine, on a copy of what the river knows of their devices. Windows that
 * they go into are shown as if they closed right then; each with the last entry that went into it.
 */
export function tryReinject(river: River, command: Reinject, stamp: Stamp): ReinjectedItem[] {
  const devices = new Set(
    command.entries.flatMap(({ topic, device }) => [device, river.routes.routeOf(topic)?.device]),
  );
  const copy = restoreRiver(
    // The alerts' states are their own objects; whatever else is shared is not changed by what follows.
    snapshotRiver(river, ({ device }) => devices.has(device.id)),
    river.keyring,
  );
  const elapsed = Math.max(river.elapsed, stamp.elapsed);
  const items: ReinjectedItem[] = [];
  const itemAt = new Map<number, number>();
  for (const entry of command.entries) {
    const at = elapsed + (items.length + 1) * STEP;
    itemAt.set(at, items.length);
    const one = { ...command, entries: [entry] };
    const record: InboxRecord = {
      position: river.position,
      stamp: { ...stamp, elapsed: at },
      content: { kind: "command", command: one },
    };
    items.push(...reinject(copy, one, record, NOWHERE).items);
  }
  const late = later(copy, itemAt, elapsed + LATER);
  return items.map((item, index) =>
    item.outcome === "accepted" ? { ...item, points: [...item.points, ...late.get(index) ?? []] } : item
  );
}

/** Everything that is told of an entry comes with its item. */
const NOWHERE: RiverOutput = { point(): void {}, refused(): void {}, alert(_event: AlertEvent): void {} };

/** The points of the windows that were touched, by the item that touched them last. */
function later(copy: River, itemAt: ReadonlyMap<number, number>, elapsed: number): Map<number, Point[]> {
  const touched = new Map<Window, number>();
  for (const { windows } of copy.registry.streams) {
    for (const series of windows.series) {
      for (const window of series.windows.values()) {
        const item = itemAt.get(window.lastAt);
        if (item !== undefined && window.fresh > 0) touched.set(window, item);
      }
    }
  }
  const points = new Map<number, Point[]>();
  const stamp: Stamp = { receivedAt: 0, elapsed, implausible: true };
  copy.step({ position: copy.position + 1, stamp, content: { kind: "tick" } }, {
    ...NOWHERE,
    point(point, window): void {
      const item = window === undefined ? undefined : touched.get(window);
      if (item !== undefined) points.set(item, [...points.get(item) ?? [], point]);
    },
  });
  return points;
}
