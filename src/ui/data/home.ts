import type {
  Alert,
  Answer,
  Ask,
  Device,
  HowTo,
  Liveness,
  NotifierList,
  Page,
  QuarantineGroups,
  Sparkline,
  Sparklines,
} from "../../api/mod.ts";

/** Devices on the first page; the rest is a click away. */
export const MOST_DEVICES = 100;
/** Alerts on it. */
const MOST_ALERTS = 12;

/** What the first page shows beside the status. */
export interface HomeData {
  /** Firing first. */
  readonly alerts: Answer<Page<Alert>>;
  /** Those that need attention first. */
  readonly devices: Answer<readonly Device[]>;
  /** Of these devices; none where there is no local history. */
  readonly sparks: readonly Sparkline[];
  readonly notifiers: Answer<NotifierList>;
  readonly groups: Answer<QuarantineGroups>;
  /** What a first device is told; `null` where there are devices, or the gateway does not say. */
  readonly howTo: HowTo | null;
}

/** Asks for all of it. */
export async function loadHome(ask: Ask): Promise<HomeData> {
  const [quick, groups] = await Promise.all([loadQuick(ask), loadGroups(ask)]);
  const devices = quick.devices.ok ? quick.devices.value : [];
  const [sparks, howTo] = await Promise.all([
    loadSparks(ask, devices),
    devices.length === 0 ? loadHowTo(ask) : null,
  ]);
  return { ...quick, groups, sparks, howTo };
}

/** How to point a first device at the gateway, as it says itself. */
export async function loadHowTo(ask: Ask): Promise<HowTo | null> {
  const answer = await ask<{ readonly how_to?: HowTo }>("/api/v1/learned?limit=1");
  return answer.ok ? answer.value.how_to ?? null : null;
}

/** What costs the gateway no look at its disk, and may be asked for every few seconds. */
export async function loadQuick(ask: Ask): Promise<Pick<HomeData, "alerts" | "devices" | "notifiers">> {
  const [alerts, devices, notifiers] = await Promise.all([
    ask<Page<Alert>>(`/api/v1/alerts?limit=${MOST_ALERTS}`),
    loadDevices(ask),
    ask<NotifierList>("/api/v1/notifiers"),
  ]);
  return { alerts, devices, notifiers };
}

/** The groups of refusals. */
export function loadGroups(ask: Ask): Promise<Answer<QuarantineGroups>> {
  return ask<QuarantineGroups>("/api/v1/quarantine/groups");
}

/** Up to a hundred devices, those that need attention first. */
async function loadDevices(ask: Ask): Promise<Answer<readonly Device[]>> {
  const found: Device[] = [];
  for (const liveness of ["late", "offline", "online", "unknown"] satisfies Liveness[]) {
    const limit = MOST_DEVICES - found.length;
    if (limit === 0) break;
    const answer = await ask<Page<Device>>(`/api/v1/devices?liveness=${liveness}&limit=${limit}`);
    if (!answer.ok) return answer;
    found.push(...answer.value.items);
  }
  return { ok: true, value: found };
}

/** Their small lines. A gateway without local history has none, which is no failure. */
export async function loadSparks(ask: Ask, devices: readonly Device[]): Promise<readonly Sparkline[]> {
  if (devices.length === 0) return [];
  const ids = devices.slice(0, MOST_DEVICES).map(({ id }) => encodeURIComponent(id)).join(",");
  const answer = await ask<Sparklines>(`/api/v1/sparklines?device=${ids}`);
  return answer.ok ? answer.value.items : [];
}
