import type { Section } from "./gateway_process.ts";

/** Devices that share the messages, unless a site is asked for more or fewer. */
export const DEVICES = 50;

/** Journal and event time between two messages of one device, ms: ten readings of each field in a window. */
export const STEP = 1_000;

/** The one profile of the site: three fields in windows of ten seconds, four aggregates each. */
export const PROFILES: Readonly<Record<string, string>> = {
  climate: `profile: climate
description: Room climate sensor
measurement: climate
time: { field: ts, unit: ms }
sequence: seq
fields:
  temperature: { type: float, unit: degC, range: [-40, 125], required: true }
  humidity: { type: float, unit: percent, range: [0, 100] }
  battery: { type: int, unit: percent, range: [0, 100] }
`,
};

/** A message as a device publishes it. */
export interface SiteMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
}

const encoder = new TextEncoder();

/**
 * The messages of a site in the order of publishing, device by device in turn; about 80 bytes of JSON each.
 *
 * @param count how many in all
 * @param newest device time of the last ones, ms; the others lie before it, a second apart
 * @param which only devices for which it says yes
 * @param devices how many there are
 */
export function* siteMessages(
  count: number,
  newest: number,
  which: (device: number) => boolean = () => true,
  devices: number = DEVICES,
): Generator<SiteMessage> {
  const rounds = Math.ceil(count / devices);
  for (let n = 0; n < count; n++) {
    const device = n % devices;
    if (!which(device)) continue;
    const round = Math.floor(n / devices);
    const ts = newest - (rounds - 1 - round) * STEP;
    const temperature = (21 + 4 * Math.sin((round + device) / 40)).toFixed(2);
    const humidity = (48 + 9 * Math.cos((round - device) / 70)).toFixed(1);
    const values = `"temperature":${temperature},"humidity":${humidity},"battery":${90 - round % 30}`;
    yield {
      topic: `site/north/sensor-${String(device).padStart(2, "0")}/telemetry`,
      payload: encoder.encode(`{"ts":${ts},"seq":${round},${values}}`),
    };
  }
}

/** The gateway's configuration for the site. */
export function siteConfig(broker: string, receiveMaximum: number, influxdb?: Section): Section {
  return {
    mqtt: { url: broker, client_id: "bench", receive_maximum: receiveMaximum },
    subscriptions: [{ topic: "site/{site}/{device}/telemetry", profile: "climate", format: "json" }],
    downsample: { every: "10s" },
    log: { level: "warn" },
    ...(influxdb === undefined ? {} : { influxdb }),
  };
}
