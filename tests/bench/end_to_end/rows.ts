import { FIELDS } from "./all_values.ts";
import type { GatewayRun } from "./gateway.ts";
import type { Run } from "./taker.ts";
import { median, type Row, row, type RowExtras } from "../kit/table.ts";

const MB = 1e6;
const MILLION = 1e6;

const BARE = "bare MQTT.js, auto-ack";
const BY_HAND = "by hand: MQTT.js, JSON.parse, InfluxDB client";
const NODE_RED = "Node-RED: mqtt in, json, function, batch, influxdb";

/** Runs of live traffic that belong together round by round; of Node-RED none where it is not installed. */
export interface LiveRuns {
  readonly bare: readonly Run[];
  readonly byHand: readonly Run[];
  readonly nodeRed: readonly Run[];
  readonly gateway: readonly GatewayRun[];
}

/** The figures of whole runs; all are of live traffic but those from the broker's queue. */
export function endToEndRows(live: LiveRuns, queued: Omit<LiveRuns, "byHand">): Row[] {
  const { bare, byHand, nodeRed, gateway } = live;
  const rate = (run: Run): number => run.rate;
  const cpu = (run: Run): number => run.cost.cpu * MILLION / run.messages;
  const memory = (run: Run): number => run.cost.peakMemory / MB;
  // Where the gateway takes what is published, it is the publisher's rate that limits the ratio.
  const note = `the publisher reached ${
    Math.round(median(gateway.map((run) => run.published))).toLocaleString("en")
  }`;
  const target = (atLeast: number): RowExtras => ({ note, target: { of: "ratio", atLeast } });
  return [
    ...beside("end to end, live, messages/s", BARE, bare, gateway, rate, target(0.95)),
    ...beside("end to end, live, messages/s, against by hand", BY_HAND, byHand, gateway, rate, { note }),
    ...beside("end to end, live, messages/s, against Node-RED", NODE_RED, nodeRed, gateway, rate, target(3)),
    ...beside("end to end, from the broker's queue, messages/s", BARE, queued.bare, queued.gateway, rate),
    ...beside(
      "end to end, from the broker's queue, messages/s, against Node-RED",
      ...[NODE_RED, queued.nodeRed, queued.gateway, rate] as const,
    ),
    ...beside("CPU seconds per million messages", BARE, bare, gateway, cpu),
    ...beside("CPU seconds per million messages, against by hand", BY_HAND, byHand, gateway, cpu),
    ...beside("CPU seconds per million messages, against Node-RED", NODE_RED, nodeRed, gateway, cpu),
    ...beside("peak memory, MB", BARE, bare, gateway, memory),
    ...beside("peak memory, MB, against by hand", BY_HAND, byHand, gateway, memory),
    ...beside("peak memory, MB, against Node-RED", NODE_RED, nodeRed, gateway, memory),
    ...sentPerMillion(live),
  ];
}

/** A row, or none without the rival: there is nothing to compare with. */
function beside(
  figure: string,
  baseline: string,
  base: readonly Run[],
  gateway: readonly GatewayRun[],
  of: (run: Run) => number,
  extras?: RowExtras,
): Row[] {
  return base.length === 0 ? [] : [row(figure, baseline, base.map(of), gateway.map(of), extras)];
}

/**
 * What the database's network carries, requests with their heads. A rival writes each reading; the gateway's points
 * stand for the readings that they aggregate, so those are what its bytes are divided by.
 */
function sentPerMillion({ byHand, nodeRed, gateway }: LiveRuns): Row[] {
  const own = gateway.map((run) => run.sent * MILLION / run.readings / MB);
  const rival = (run: Run): number => run.sent * MILLION / (run.messages * FIELDS) / MB;
  const figure = "network to the database per million readings, MB";
  return [
    row(figure, "by hand: every reading, plain, as that client writes in Deno", byHand.map(rival), own),
    ...nodeRed.length === 0 ? [] : [
      row(
        `${figure}, against Node-RED`,
        "Node-RED: every reading, gzip as by default",
        nodeRed.map(rival),
        own,
      ),
    ],
  ];
}
