import type { Level, Observer } from "../observe/mod.ts";

/** How much an event matters; what is not listed is `info`. */
const LEVELS: Readonly<Record<string, Level>> = {
  mqtt_unreachable: "warning",
  mqtt_refused: "error",
  mqtt_disconnected: "warning",
  mqtt_subscription_refused: "error",
  mqtt_session_lost: "warning",
  mqtt_session_shortened: "warning",
  mqtt_stalled: "warning",
  mqtt_unprobed: "warning",
  mqtt_blocked: "warning",
  mqtt_oversized: "warning",
  mqtt_broker_dropped: "error",
  mqtt_client_refused: "warning",
  journal_torn: "warning",
  journal_corrupt: "error",
  journal_set_aside: "error",
  journal_write_failed: "error",
  journal_sync_failed: "error",
  journal_fatal: "error",
  journal_trim_failed: "warning",
  journal_segment_opened: "debug",
  journal_trimmed: "debug",
  history_failed: "error",
  history_set_aside: "error",
  history_dropped: "warning",
  influxdb_delivered: "debug",
  influxdb_refused: "warning",
  influxdb_waiting: "warning",
  influxdb_resent: "warning",
  notify_retry: "warning",
  notify_gave_up: "error",
  notify_dropped: "error",
  notify_superseded: "debug",
};

/** A room's own event: its kind, and facts beside it. */
interface RoomEvent {
  readonly kind: string;
}

/** Turns the events of the rooms into log lines and counters, under one name for both. */
export function observed(observer: Observer, prefix: string): (event: RoomEvent, more?: Scalars) => void {
  return (event, more = {}) => {
    const name = `${prefix}_${event.kind}`;
    observer.event(name, LEVELS[name] ?? "info", { ...more, ...scalars(event) });
  };
}

type Scalar = string | number | boolean | null;
type Scalars = Readonly<Record<string, Scalar>>;

/** The facts of an event as plain scalars; what is nested becomes `outer_inner`. */
function scalars(event: object): Record<string, Scalar> {
  const facts: Record<string, Scalar> = {};
  for (const [key, value] of Object.entries(event)) {
    if (key === "kind" || value === undefined) continue;
    if (Array.isArray(value)) facts[key] = value.join(", ");
    else if (typeof value === "object" && value !== null) {
      for (const [inner, each] of Object.entries(scalars(value))) facts[`${key}_${inner}`] = each;
    } else if (typeof value === "number") facts[key] = Math.round(value * 1_000) / 1_000;
    else if (isScalar(value)) facts[key] = value;
  }
  return facts;
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
