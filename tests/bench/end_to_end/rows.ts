import { siteMessages } from "../support/climate_site.ts";
import type { GatewayRun, Run } from "./end_to_end.ts";
import type { StageCosts } from "./stages.ts";
import { median, type Row, row } from "./table.ts";

const MB = 1e6;

/** Runs that belong together round by round. */
export interface Runs {
  readonly bare: readonly Run[];
  readonly gateway: readonly GatewayRun[];
}

/** The figures of whole runs; all but the second are of live traffic. */
export function endToEndRows(messages: number, live: Runs, queued: Runs): Row[] {
  const both = (figure: string, { bare, gateway }: Runs, of: (run: Run) => number): Row =>
    row(figure, "bare MQTT.js, auto-ack", bare.map(of), gateway.map(of));
  const alone = (figure: string, baseline: string, base: number, of: (run: GatewayRun) => number): Row =>
    row(figure, baseline, live.gateway.map(() => base), live.gateway.map(of));
  return [
    both("end to end, live, messages/s", live, (run) => run.rate),
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

/** What the stages cost; the shares are of their sum. */
export function stageRows(costs: readonly StageCosts[]): Row[] {
  const sum = (cost: StageCosts): number => cost.inbox + cost.step + cost.line + cost.gzip;
  const stage = (name: string, figure: (cost: StageCosts) => number): Row => {
    const share = Math.round(100 * median(costs.map((cost) => figure(cost) / sum(cost))));
    const label = `${name}, ns a message (${share} %)`;
    return row(label, "JSON.parse of the payload", costs.map((cost) => cost.parse), costs.map(figure));
  };
  return [
    stage("inbox: stamp, encode, append, crc", (cost) => cost.inbox),
    stage("the river whole", (cost) => cost.step),
    stage("  of it: decode", (cost) => cost.decode),
    stage("  of it: validate", (cost) => cost.validate),
    stage("points to lines", (cost) => cost.line),
    stage("lines to gzip'd blocks", (cost) => cost.gzip),
    row(
      "the river alone on one core, messages/s",
      "JSON.parse alone",
      costs.map((cost) => 1e9 / cost.parse),
      costs.map((cost) => 1e9 / cost.step),
    ),
  ];
}

function messageBytes(): number {
  const some = [...siteMessages(10_000, Date.now())];
  return some.reduce((sum, { topic, payload }) => sum + topic.length + payload.length, 0) / some.length;
}
