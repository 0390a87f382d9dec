import { type AlertRule, emptyLedger, type Ledger } from "../../../src/model/mod.ts";
import { fakeAlertActions } from "./fake_alert_actions.ts";
import { fakeAudit } from "./fake_audit.ts";
import { SAMPLE_CHANGES, SAMPLE_FAULTS } from "./sample_config.ts";
import { fakeExplain } from "./fake_explain.ts";
import { fakeHistory } from "./fake_history.ts";
import { fakeQuarantineActions } from "./fake_quarantine.ts";
import { fakeLearned } from "./fake_learned.ts";
import { fakeLive } from "./fake_live.ts";
import {
  type Alert,
  type Api,
  type ApiOptions,
  createApi,
  type Device,
  type GatewayStatus,
  type GatewayViews,
  hashToken,
  type NotifierAnswer,
  type OnEvent,
  type Peer,
  type Readiness,
  type Refused,
} from "../../../src/api/mod.ts";
import { makePages } from "../../../src/ui/mod.ts";

/** Tokens of each role, in the clear: what a client presents. */
export const TOKENS = {
  viewer: "sluice_viewer-secret-1",
  operator: "sluice_operator-secret-2",
  admin: "sluice_admin-secret-3",
} as const;

/** The same as the configuration holds them. */
export const HASHED = (["viewer", "operator", "admin"] as const).map((role) => ({
  name: `${role}-token`,
  role,
  hash: hashToken(TOKENS[role]),
}));

/** Someone on this machine. */
export const LOCAL: Peer = { address: "127.0.0.1" };

/** A ledger with a number in most places, balanced. */
export function sampleLedger(): Ledger {
  return {
    messages: {
      received: 1_204_400,
      processed: 1_204_331,
      duplicate: 40,
      filtered: 0,
      sampled: 0,
      quarantined: 27,
      waiting: 2,
      corrupt: 0,
    },
    readings: {
      decoded: 1_204_331,
      open: 1_944,
      waiting: 23_990,
      delivered: 1_178_276,
      unchanged: 0,
      rejected: 99,
      late: 20,
      refused: 2,
      evicted: 0,
    },
    points: { produced: 97_126, delivered: 95_000, waiting: 2_124, refused: 2, evicted: 0 },
    beside: { sequence_gaps: 14, duplicate_assumed: 1, broker_dropped: 0, resent: 3, replayed: 0 },
  };
}

/** A device that reports. */
export function sampleDevice(id: string, change: Partial<Device> = {}): Device {
  return {
    id,
    profiles: ["thermo-hygrometer"],
    liveness: "online",
    first_seen_at: "2026-06-30T06:12:00.000Z",
    last_seen_at: "2026-07-01T14:12:29.500Z",
    messages_per_second: 5,
    messages: 1_000,
    values: [
      {
        field: "temperature",
        tags: { site: "a" },
        value: 21.4,
        unit: "degC",
        time: "2026-07-01T14:12:29.000Z",
        quality: "good",
      },
      {
        field: "door",
        tags: { site: "a" },
        value: true,
        unit: null,
        time: "2026-07-01T14:12:29.000Z",
        quality: "uncertain",
      },
    ],
    errors: { range: 2 },
    sequence_gaps: 0,
    clock_skew_seconds: -0.2,
    expect_every_seconds: 30,
    ...change,
  };
}

/** An alert that fires. */
export function sampleAlert(change: Partial<Alert> = {}): Alert {
  return {
    id: "too-hot/kiln-3/temperature",
    rule: "too-hot",
    severity: "critical",
    state: "firing",
    device: "kiln-3",
    tags: { site: "a" },
    field: "temperature",
    value: 84.2,
    unit: "degC",
    limit: "80",
    summary: "kiln-3 is 84.2 °C (limit 80)",
    since: "2026-07-01T14:07:30.000Z",
    fired_at: "2026-07-01T14:08:00.000Z",
    resolved_at: null,
    resolved_because: null,
    acknowledged: null,
    silenced_until: null,
    ...change,
  };
}

/** A gateway at work. */
export function sampleStatus(change: Partial<GatewayStatus> = {}): GatewayStatus {
  return {
    gateway_id: "plant-1",
    version: "0.1.0",
    now: "2026-07-01T14:12:30.000Z",
    started_at: "2026-05-21T08:00:00.000Z",
    uptime_seconds: 3_564_750,
    state: "running",
    clock_plausible: true,
    readiness: { ready: true, reasons: [] },
    durability: { mode: "fsync", every_seconds: null },
    mqtt: {
      address: "mqtt://broker.plant.local:1883",
      state: "connected",
      since: "2026-07-01T06:00:00.000Z",
      last_message_at: "2026-07-01T14:12:29.600Z",
      messages_per_second: 2_431,
      detail: null,
    },
    inbox: {
      bytes: 12_000_000,
      unsynced: 2,
      acknowledge_p50_seconds: 0.0012,
      acknowledge_p99_seconds: 0.004,
    },
    windows: { open: 1_944, held: 612, series: 972 },
    outbox: {
      points: 2_124,
      bytes: 40_000_000,
      max_bytes: 1_073_741_824,
      oldest_at: "2026-07-01T14:02:00.000Z",
      when_full: "drop_oldest",
      room_seconds: 442_800,
    },
    destinations: [{
      name: "InfluxDB",
      address: "http://influx.plant.local:8086",
      state: "away",
      since: "2026-07-01T14:02:00.000Z",
      last_delivered_at: "2026-07-01T14:01:58.000Z",
      next_attempt_at: "2026-07-01T14:12:38.000Z",
      points_per_second: 0,
      drain_seconds: 20,
      detail: "connection refused",
    }],
    quarantine: { entries: 121, bytes: 90_000 },
    disk: { used_bytes: 150_000_000, max_bytes: 1_073_741_824 },
    checkpoint: { taken_at: "2026-07-01T14:10:00.000Z", bytes: 800_000 },
    devices: { known: 4, online: 2, late: 1, offline: 1 },
    alerts_firing: 1,
    notifiers: { configured: 2, failing: 1, pending: 3, lost: 1 },
    ...change,
  };
}

/** A webhook whose other side is away, or a notifier that is well. */
export function sampleNotifier(
  change: Partial<NotifierAnswer> = {},
  error: NotifierAnswer["last_error"] = {
    text: 'The webhook at "https://hooks.example.org" answered 503',
    at: "2026-07-01T14:12:00.000Z",
  },
): NotifierAnswer {
  const well = error === null;
  return {
    ...{ name: "ops", kind: "webhook", sent: 7, failed: well ? 0 : 4, lost: well ? 0 : 1, last_error: error },
    ...{ pending: well ? 0 : 3, oldest_at: well ? null : "2026-07-01T14:08:00.000Z" },
    ...change,
  };
}

/** What was refused: one text, one that is no text. */
export function sampleRefused(position: number): Refused {
  const payload = position % 2 === 0
    ? new TextEncoder().encode('{"temperature":-300}')
    : new Uint8Array([0xff, 0, 1]);
  return {
    position,
    received_at: "2026-07-01T14:00:00.000Z",
    kind: "message",
    refusal: position % 2 === 0
      ? { reason: "range", field: "temperature", found: "-300", allowed: "-40 … 125" }
      : { reason: "undecodable", found: "\\xff" },
    device: "press-2",
    profile: "thermo-hygrometer",
    topic: "site/a/press-2/telemetry",
    payload,
    payload_bytes: payload.length,
    replayed: false,
  };
}

const RULE: AlertRule = {
  name: "too-hot",
  profile: null,
  device: "kiln-*",
  topic: null,
  tags: {},
  field: "temperature",
  condition: { kind: "above", limit: 80, clear: 75 },
  for: 30_000,
  severity: "critical",
  notify: ["ops"],
  summary: "{device} is {value} {unit} (limit {limit})",
};

/** A gateway as the API sees it, with some of everything; `change` replaces views. */
export function fakeViews(change: Partial<GatewayViews> = {}): GatewayViews {
  const devices = [
    sampleDevice("gate-11", {
      liveness: "late",
      last_seen_at: "2026-07-01T14:10:00.000Z",
      messages_per_second: 0,
    }),
    sampleDevice("kiln-3"),
    sampleDevice("room/114"),
    sampleDevice("truck-5", {
      liveness: "offline",
      last_seen_at: "2026-07-01T13:34:00.000Z",
      sequence_gaps: 14,
    }),
  ];
  const refused = [4, 3, 2, 1, 0].map(sampleRefused);
  const readiness: Readiness = { ready: true, reasons: [] };
  return {
    readiness: { readiness: () => readiness },
    metrics: { exposition: () => "# HELP sluice_x X.\n# TYPE sluice_x gauge\nsluice_x 1\n" },
    status: { status: () => sampleStatus() },
    ledger: {
      ledger(device) {
        if (device !== null && !devices.some(({ id }) => id === device)) return undefined;
        const counts = device === null ? sampleLedger() : emptyLedger();
        return { counts, since: "2026-06-30T06:12:00.000Z", rebased: [] };
      },
    },
    delivered: {
      delivered: ({ since }) => ({
        since: "2026-06-30T06:12:00.000Z",
        whole_from: null,
        measurements: [{
          name: "climate",
          fields: [{ name: "temperature_mean", numbers: true, others: false }],
          finer_than_ms: false,
        }],
        items: [{
          device: "kiln-3",
          measurement: "climate",
          day: since ?? "2026-06-30",
          values: 1_440,
          uncertain: 0,
          waiting: 2,
          not_delivered: 1,
          rewritten: 3,
          sum: 30_816.5,
          magnitude: 30_816.5,
        }],
        next_cursor: null,
      }),
    },
    devices: {
      devices({ limit, after, liveness, search }) {
        const all = devices.filter((device) =>
          (after === null || device.id > after) && (liveness === null || device.liveness === liveness) &&
          (search === null || device.id.includes(search))
        );
        const items = all.slice(0, limit);
        return { items, next_cursor: all.length > limit ? items.at(-1)?.id ?? null : null };
      },
      device: (id) => devices.find((device) => device.id === id),
    },
    series: {
      series: () => ({
        items: [{
          id: "0",
          device: "kiln-3",
          profile: "thermo-hygrometer",
          measurement: "climate",
          tags: { site: "a" },
          field: "temperature",
          type: "float",
          unit: "degC",
          last_at: null,
        }],
        next_cursor: null,
      }),
    },
    alerts: {
      alerts({ state }) {
        const all = [
          sampleAlert(),
          sampleAlert({
            id: "silent/truck-5",
            rule: "silent",
            severity: "warning",
            state: "resolved",
            device: "truck-5",
            field: null,
            value: null,
            unit: null,
            limit: "60 s",
            summary: "truck-5 is silent",
            resolved_at: "2026-07-01T13:00:00.000Z",
            resolved_because: "reported_again",
          }),
        ];
        return { items: all.filter((alert) => state === null || alert.state === state), next_cursor: null };
      },
    },
    alertActions: fakeAlertActions(sampleAlert()),
    notifiers: {
      notifiers: () => [sampleNotifier(), sampleNotifier({ name: "log", kind: "log" }, null)],
    },
    rules: {
      rules: () => [
        { rule: RULE, firing: 1 },
        {
          rule: { ...RULE, name: "silent", field: null, condition: { kind: "silent", silentFor: 60_000 } },
          firing: 0,
        },
        {
          rule: { ...RULE, name: "stuck", condition: { kind: "unchanged", unchangedFor: 600_000 } },
          firing: 0,
        },
        {
          rule: { ...RULE, name: "fast", condition: { kind: "rate_above", limit: 5, per: 60_000 } },
          firing: 0,
        },
        { rule: { ...RULE, name: "band", condition: { kind: "outside", low: 10, high: 30 } }, firing: 0 },
        { rule: { ...RULE, name: "open", condition: { kind: "equals", value: true } }, firing: 0 },
      ],
    },
    quarantine: {
      entries({ limit, before, reason, device }) {
        const all = refused.filter((entry) =>
          (before === null || entry.position < before) &&
          (reason === null || entry.refusal.reason === reason) &&
          (device === null || entry.device === device)
        );
        const items = all.slice(0, limit);
        return Promise.resolve({ items, next: all.length > limit ? items.at(-1)?.position ?? null : null });
      },
      entry: (position) => Promise.resolve(refused.find((entry) => entry.position === position)),
      ...fakeQuarantineActions(),
    },
    explain: fakeExplain(),
    history: fakeHistory(),
    audit: fakeAudit(),
    learned: fakeLearned(),
    live: fakeLive(),
    config: {
      config: () => ({
        file: "gateway.yaml",
        since: "2026-07-01T06:00:00.000Z",
        config: { gateway: { id: "plant-1" }, influxdb: { token: "[redacted]" } },
      }),
      validate: (text) =>
        Promise.resolve(
          text === null
            ? { valid: true, problems: [], warnings: [], differences: SAMPLE_CHANGES }
            : { valid: false, problems: SAMPLE_FAULTS, warnings: [], differences: [] },
        ),
      reload: () => Promise.resolve({ kind: "reloaded" as const, differences: SAMPLE_CHANGES }),
    },
    ...change,
  };
}

/** A clock that stands, with timers that fire when `advance` reaches them. */
export class HandClock {
  #now = 0;
  #timers: { due: number; fire: () => void }[] = [];

  /** Wall clock at the beginning, ms. */
  readonly began = Date.parse("2026-07-01T14:12:30.000Z");

  wall(): number {
    return this.began + this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, fire: () => void): { cancel(): void } {
    const timer = { due: this.#now + ms, fire };
    this.#timers.push(timer);
    return { cancel: () => this.#timers = this.#timers.filter((other) => other !== timer) };
  }

  /** Timers not yet fired. */
  get pending(): number {
    return this.#timers.length;
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter((timer) => timer.due <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.due > this.#now);
    for (const timer of due) timer.fire();
  }
}

/** Options of an API that listens on `10.0.0.1` with a token of each role; `change` replaces some. */
export function options(change: Partial<ApiOptions> = {}): ApiOptions {
  let ids = 0;
  return {
    version: "0.1.0",
    listenHost: "10.0.0.1",
    tokens: () => HASHED,
    pages: makePages(),
    clock: new HandClock(),
    randomId: () => `request-${++ids}`,
    onEvent: () => {},
    rateLimit: { perSecond: 1_000, burst: 100_000 },
    ...change,
  };
}

/** An API, or the test has failed. */
export function api(views: Partial<GatewayViews> = {}, change: Partial<ApiOptions> = {}): Api {
  const made = createApi(fakeViews(views), options(change));
  if ("reason" in made) throw new Error(made.text);
  return made;
}

/** The API of a gateway on a laptop: loopback, no tokens. */
export function localApi(views: Partial<GatewayViews> = {}, change: Partial<ApiOptions> = {}): Api {
  return api(views, { listenHost: "127.0.0.1", tokens: () => [], ...change });
}

/** Asks for a path as the bearer of a token. */
export function get(
  on: Api,
  path: string,
  token?: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const authorization: Record<string, string> = token === undefined
    ? {}
    : { Authorization: `Bearer ${token}` };
  const request = new Request(`http://localhost:8080${path}`, { headers: { ...authorization, ...headers } });
  return on.fetch(request, LOCAL);
}

/** Keeps the events that the API says. */
export function listen(): { events: { name: string; level: string; facts: unknown }[]; onEvent: OnEvent } {
  const events: { name: string; level: string; facts: unknown }[] = [];
  return { events, onEvent: (name, level, facts) => events.push({ name, level, facts }) };
}
