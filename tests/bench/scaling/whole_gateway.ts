import { gateway } from "../end_to_end/gateway.ts";
import { bareSubscriber } from "../end_to_end/scripts.ts";
import type { Run } from "../end_to_end/taker.ts";
import { type Row, row } from "../kit/table.ts";
import type { Scale } from "../kit/bench_case.ts";
import { devicesOf } from "./points.ts";

/** Messages of one run at full scale: a dozen of each device where there are most. */
const MESSAGES = 400_000;
const MB = 1e6;

const SERIES = { few: 1_000, many: 100_000 };

/** The most memory that the whole gateway takes under live traffic; no rows where mosquitto is not installed. */
export async function wholeGatewayRows({ rounds, part }: Scale): Promise<Row[]> {
  const [few, many] = [devicesOf(SERIES.few), devicesOf(SERIES.many)];
  // However little of the work is done: all series are there.
  const messages = Math.max(Math.round(MESSAGES * part), 2 * many);
  const runs: Record<"bare" | "few" | "many", Run[]> = { bare: [], few: [], many: [] };
  for (let round = 0; round < rounds; round++) {
    const bare = await bareSubscriber(messages, "live", few);
    const small = await gateway(messages, "live", few);
    const large = await gateway(messages, "live", many);
    if (bare === undefined || small === undefined || large === undefined) return [];
    runs.bare.push(bare);
    runs.few.push(small);
    runs.many.push(large);
  }
  return [
    row(
      "peak RSS of the gateway, live, 1,000 series, MB",
      "bare MQTT.js, auto-ack",
      ...[runs.bare.map(peak), runs.few.map(peak)] as const,
      { target: { of: "value", atMost: 120 } },
    ),
    row(
      "peak RSS of the gateway, live, 100,000 series, MB",
      "the gateway with 1,000 series",
      ...[runs.few.map(peak), runs.many.map(peak)] as const,
      {
        target: { of: "value", atMost: 220 },
        note: `after ${Math.floor(messages / many)} messages a device: no window is let go before 42`,
      },
    ),
  ];
}

function peak({ cost }: Run): number {
  return cost.peakMemory / MB;
}
