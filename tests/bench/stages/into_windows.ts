import {
  Downsampler,
  openSeries,
  openStream,
  Plans,
  type Series,
  stillCounts,
  type StreamWindows,
  type Window,
} from "../../../src/downsample/mod.ts";
import { DeadlineQueue, type Profile } from "../../../src/model/mod.ts";
import type { CheckedField } from "../../../src/validate/mod.ts";

/** What one message has for the windows. */
export interface Reported {
  readonly device: number;
  /** Event time, ms. */
  readonly ms: number;
  /** Journal time, ms. */
  readonly elapsed: number;
  readonly fields: readonly CheckedField[];
}

/** A device's windows. */
interface Opened {
  readonly stream: StreamWindows;
  /** By the number of the field's rule. */
  readonly series: readonly Series[];
}

/** The windows alone: readings that were validated, into those of their series. Returns the points that left them. */
export function intoWindows(profile: Profile, reported: readonly Reported[]): number {
  let points = 0;
  const out = (): unknown => points++;
  const queue = new DeadlineQueue<Window>(({ subject, due }) => stillCounts(subject, due));
  const stage = new Downsampler(queue, 1, Infinity);
  const plans = new Plans();
  const devices: Opened[] = [];
  for (const { device, ms, elapsed, fields } of reported) {
    const { stream, series } = devices[device] ??= opened(profile, plans, device);
    for (const { index, value } of fields) {
      const one = series[index];
      if (one !== undefined) stage.reading(one, value, ms, 0, elapsed, out);
    }
    stage.advance(stream, ms, elapsed, out);
  }
  return points;
}

function opened({ name, measurement, fields }: Profile, plans: Plans, device: number): Opened {
  const stream = openStream({
    deviceIndex: device,
    device: `sensor-${device}`,
    profile: name,
    measurement,
    tags: [],
  });
  const series = fields.map((field, n) =>
    openSeries(plans, stream, device * fields.length + n, field.name, field.type, field.downsample)
  );
  return { stream, series };
}
