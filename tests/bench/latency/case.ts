import type { BenchCase } from "../kit/bench_case.ts";
import { type Row, row, type RowExtras } from "../kit/table.ts";
import type { BrokerReport, BrokerTask } from "./broker.ts";
import { bareLatency, type GatewayLatency, gatewayLatency } from "./runs.ts";

/**
 * Messages a second, how long that is kept at full scale, and alarms between them: the pace of a target, a quiet site,
 * and a busy one. Of 2,000 alarms the two slowest lie beyond the 99.9th percentile.
 */
const PACES = [
  { rate: 1_000, seconds: 20, alarms: 2_000 },
  { rate: 5_000, seconds: 4, alarms: 0 },
  { rate: 20_000, seconds: 4, alarms: 2_000 },
] as const;

/** The pace that has a target, and the target. */
const AIM = { rate: 5_000, extras: { target: { of: "value", atMost: 10 } } } as const;

const QUANTILES = [["p50", "p50"], ["p99", "p99"], ["p99.9", "p999"]] as const;

/** What a device waits for its acknowledgement, and people for their alert. */
export const latency: BenchCase = {
  name: "latency",
  about: "from a PUBLISH to its PUBACK, on the disk, and to its alert on the API, at a steady pace",
  async measure({ rounds, part }) {
    const rows: Row[] = [];
    const disks: GatewayLatency["disk"][] = [];
    for (const { rate, seconds, alarms } of PACES) {
      const task = { rate, messages: Math.ceil(rate * seconds * part), alarms: Math.ceil(alarms * part) };
      const [bare, gateway]: [BrokerReport[], GatewayLatency[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        bare.push(await bareLatency({ ...task, alarms: 0 }));
        gateway.push(await gatewayLatency(task, part));
      }
      rows.push(...ackRows(task, bare, gateway));
      if (task.alarms > 0) rows.push(...alertRows(task, gateway));
      disks.push(...gateway.map(({ disk }) => disk));
    }
    return [...rows, ...diskRows(disks)];
  },
};

function ackRows(
  { rate }: BrokerTask,
  bare: readonly BrokerReport[],
  gateway: readonly GatewayLatency[],
): Row[] {
  return QUANTILES.map(([name, key]) =>
    row(
      `publish to durable PUBACK at ${pace(rate)}, ${name}, ms`,
      "bare MQTT.js subscriber, from memory",
      bare.map((run) => run[key]),
      gateway.map((run) => run[key]),
      { ...reachedPace(rate, gateway), ...(rate === AIM.rate && key === "p99" ? AIM.extras : {}) },
    )
  );
}

/** A pace that was not kept says so: the messages waited for room in the window. */
function reachedPace(rate: number, runs: readonly BrokerReport[]): RowExtras {
  const slowest = Math.min(...runs.map((run) => run.rate));
  return slowest > 0.9 * rate ? {} : { note: `only ${Math.round(slowest)} msg/s were acknowledged` };
}

function alertRows({ rate }: BrokerTask, gateway: readonly GatewayLatency[]): Row[] {
  return [["p50", 0.5], ["p99", 0.99], ["p99.9", 0.999]].map(([name, part]) =>
    row(
      `publish to alert on the API at ${pace(rate)}, ${name}, ms`,
      "its durable PUBACK, p50",
      gateway.map(({ p50 }) => p50),
      gateway.map(({ alerts }) => alerts[Math.floor(Number(part) * alerts.length)] ?? NaN),
    )
  );
}

function diskRows(disks: readonly GatewayLatency["disk"][]): Row[] {
  return [row(
    "the disk's own fdatasync of an appended 4 KiB, p99, ms",
    "its p50",
    disks.map(({ p50 }) => p50),
    disks.map(({ p99 }) => p99),
    { note: "no Sluice: the least that an acknowledgement can cost here" },
  )];
}

function pace(rate: number): string {
  return `${rate.toLocaleString("en")} msg/s`;
}
