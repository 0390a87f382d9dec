import type { FuzzRun } from "./kit/mod.ts";

/** What became of the payloads, by format and by reason, as text. */
export function report(run: FuzzRun): string {
  const rows = [...run.counts].sort(([a], [b]) => a < b ? -1 : 1).map(
    ([format, { payloads, refused, ms }]) => {
      const lost = [...refused.values()].reduce((sum, each) => sum + each, 0);
      const rate = Math.round(payloads / ms * 1_000).toLocaleString("en");
      const count = payloads.toLocaleString("en");
      return `  ${format.padEnd(14)}${count.padStart(10)} payloads ${rate.padStart(8)}/s in the river, ` +
        `${Math.round(100 - 100 * lost / payloads)} % taken, refused: ${listed(refused)}`;
    },
  );
  const { watch, river, checkpointBytes } = run;
  const { devices, streams, seriesCount } = river.registry;
  return [
    ...rows,
    `  all refusals: ${listed(watch.reasons)}`,
    `  ${watch.points} points, ${watch.alerts} alert events, ${watch.requests} requests for births`,
    `  ${devices.length} devices, ${streams.length} streams, ${seriesCount} series, ` +
    `${river.downsampler.windows} windows, a checkpoint of ${Math.round(checkpointBytes / 1_024)} KiB`,
  ].join("\n");
}

function listed(reasons: ReadonlyMap<string, number>): string {
  return [...reasons].sort(([, a], [, b]) => b - a).map(([reason, times]) => `${reason} ${times}`).join(", ");
}
