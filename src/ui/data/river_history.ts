import type { Status } from "../../api/mod.ts";

/** Values kept of each line, one a second. */
export const MOST_VALUES = 300;

/** What flowed lately, one value a second; `null` where nothing was heard. */
export interface RiverHistory {
  readonly devices: readonly (number | null)[];
  readonly inbox: readonly (number | null)[];
  readonly windows: readonly (number | null)[];
  readonly outbox: readonly (number | null)[];
  readonly destinations: Readonly<Record<string, readonly (number | null)[]>>;
}

/** Nothing yet. */
export const NO_HISTORY: RiverHistory = { devices: [], inbox: [], windows: [], outbox: [], destinations: {} };

/** The history with one more second. */
export function withStatus(history: RiverHistory, status: Status): RiverHistory {
  const { devices, mqtt, windows, outbox } = status;
  return {
    devices: grown(history.devices, devices.online),
    inbox: grown(history.inbox, mqtt.messages_per_second),
    windows: grown(history.windows, windows.open),
    outbox: grown(history.outbox, outbox.points),
    destinations: Object.fromEntries(
      status.destinations.map((each) => [
        each.name,
        grown(history.destinations[each.name] ?? [], each.points_per_second),
      ]),
    ),
  };
}

function grown(values: readonly (number | null)[], value: number): readonly (number | null)[] {
  return [...values.slice(-(MOST_VALUES - 1)), value];
}
