import { siteMessages } from "../../support/climate_site.ts";
import type { GatewayRun, Run } from "./end_to_end.ts";
import { type Row, row, type RowExtras } from "../kit/table.ts";

const MB = 1e6;

/** Runs that belong together round by round. */
export interface Runs {
  readonly bare: readonly Run[];
  readonly gateway: readonly GatewayRun[];
}

/** The figures of whole runs; all but the second are of live traffic. */
export function endToEndRows(messages: number, live: Runs, queued: Runs): Row[] {
  const both = (figure: string, { bare, gateway }: Runs, of: (run: Run) => number, extras?: RowExtras): Row =>
    row(figure, "bare MQTT.js, auto-ack", bare.map(of), gateway.map(of), extras);
  const alone = (figure: string, baseline: string, base: number, of: (run: GatewayRun) => number): Row =>
    row(figure, baseline, live.gateway.map(() => base), live.gateway.map(of));
  return [
    both("end to end, live, messages/s", live, (run) => run.rate, { target: { of: "ratio", atLeast: 0.95 } }),
    both("end to end, from the broker's queue, messages/s", queued, (run) => run.rate),
    both("processor time, µs a message", live, (run) => run.cost.cpu * 1e6 / messages),
    both("peak memory, MB", live, (run) => run.cost.peakMemory / MB),
    alone("fdatasyncs per 1,000 messages", "one a message", 1_000, (run) => run.groups * 1_000 / messages),
    alone(
      "bytes written to disk, a message",
      "its topic and payload",
      messageBytes(),
      (run) => run.cost.written / messages,
    ),
  ];
}

function messageBytes(): number {
  const some = [...siteMessages(10_000, Date.now())];
  return some.reduce((sum, { topic, payload }) => sum + topic.length + payload.length, 0) / some.length;
}
