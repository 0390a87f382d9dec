import type { Device } from "../../api/mod.ts";

/** By what a table of devices is ordered. */
export type DeviceOrder = "attention" | "id" | "profile" | "seen" | "rate" | "gaps" | "refused";

/** Late and offline ones need someone to look. */
const URGENCY: Readonly<Record<Device["liveness"], number>> = { late: 0, offline: 1, online: 2, unknown: 3 };

/** As people count: kiln-2 before kiln-10. */
const NAMES = new Intl.Collator("en", { numeric: true });

/** How many messages and readings of a device were refused. */
export function refusedOf(device: Device): number {
  return Object.values(device.errors).reduce((sum, count) => sum + count, 0);
}

/**
 * The devices that match every word of a text: part of an id, a profile or a field, a liveness, or a comparison with
 * a field's newest value, e.g. `kiln late temperature>80`.
 */
export function filterDevices(devices: readonly Device[], text: string): readonly Device[] {
  const words = text.toLowerCase().split(/[\s,]+/).filter((word) => word !== "");
  return words.length === 0
    ? devices
    : devices.filter((device) => words.every((word) => matches(device, word)));
}

function matches(device: Device, word: string): boolean {
  const compared = /^(.+?)([<>=])(-?[\d.]+)$/.exec(word);
  if (compared !== null) {
    const [, field = "", sign, limit] = compared;
    return device.values.some((last) =>
      last.field.toLowerCase().includes(field) && typeof last.value === "number" &&
      (sign === ">"
        ? last.value > Number(limit)
        : sign === "<"
        ? last.value < Number(limit)
        : last.value === Number(limit))
    );
  }
  return device.liveness === word || device.id.toLowerCase().includes(word) ||
    device.profiles.some((profile) => profile.toLowerCase().includes(word)) ||
    device.values.some((last) => last.field.toLowerCase().includes(word));
}

/** The devices in that order; equal ones by id. `down` turns it round. */
export function sortDevices(
  devices: readonly Device[],
  order: DeviceOrder,
  down: boolean,
): readonly Device[] {
  const turn = down ? -1 : 1;
  const byId = (a: Device, b: Device): number => NAMES.compare(a.id, b.id);
  const by: Readonly<Record<DeviceOrder, (a: Device, b: Device) => number>> = {
    attention: (a, b) => URGENCY[a.liveness] - URGENCY[b.liveness],
    id: byId,
    profile: (a, b) => a.profiles.join().localeCompare(b.profiles.join()),
    seen: (a, b) => Date.parse(b.last_seen_at) - Date.parse(a.last_seen_at),
    rate: (a, b) => a.messages_per_second - b.messages_per_second,
    gaps: (a, b) => a.sequence_gaps - b.sequence_gaps,
    refused: (a, b) => refusedOf(a) - refusedOf(b),
  };
  return [...devices].sort((a, b) => turn * by[order](a, b) || byId(a, b));
}
