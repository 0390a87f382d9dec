/**
 * What the delivery account costs a point, beside the encoding of its line: `deno run -A tests/bench/account.ts`.
 * Processor time, since other work on the machine makes a wall clock useless.
 * @module
 */
import process from "node:process";
import { BlockEntries } from "../../src/buffer/block_entries.ts";
import { DeliveryAccount } from "../../src/buffer/mod.ts";
import { PassedTimes } from "../../src/downsample/passed_times.ts";
import { encodeLine } from "../../src/forward/mod.ts";
import type { Point, StreamIdentity } from "../../src/model/mod.ts";
import { tell } from "../support/child_process.ts";

const ROUNDS = 15;
const POINTS = 150_000;
const DEVICES = 50;
const BLOCK = 5_000;

const streams = Array.from({ length: DEVICES }, (_, n): StreamIdentity => ({
  deviceIndex: n,
  device: `sensor-${n}`,
  profile: "climate",
  measurement: "climate",
  tags: [["device", `sensor-${n}`], ["site", "north"]],
}));

/** Points of three fields that are not downsampled: each reading is one. */
const points = Array.from({ length: POINTS }, (_, n): Point => ({
  stream: streams[Math.floor(n / 3) % DEVICES] ?? fail(),
  fields: [{ name: ["temperature", "humidity", "battery"][n % 3] ?? "", type: "float", value: 21.5 + n % 7 }],
  ms: 1_700_000_000_000 + n * 10,
  ns: 0,
  readings: 1,
  correction: false,
}));

if (import.meta.main) {
  const costs = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, work] of works()) {
      const before = cpu();
      work();
      costs.set(name, Math.min(costs.get(name) ?? Infinity, (cpu() - before) / POINTS));
    }
  }
  const line = costs.get("line") ?? NaN;
  for (const [name, ns] of costs) {
    await tell(
      `${name.padEnd(28)} ${ns.toFixed(0).padStart(5)} ns a point  ${(ns / line).toFixed(2)} of a line`,
    );
  }
}

/** Each with a state of its own. */
function works(): readonly (readonly [name: string, work: () => void])[] {
  const account = new DeliveryAccount(0);
  const entries = new BlockEntries();
  const times = Array.from({ length: 3 * DEVICES }, () => new PassedTimes("nothing"));
  return [
    ["line", (): void => {
      for (const point of points) encodeLine(point);
    }],
    ["account: values that wait", (): void => {
      for (const point of points) account.waiting(point);
    }],
    ["block: entries of the account", (): void => {
      points.forEach((point, n) => {
        entries.add(point, Math.floor(n / 3) % DEVICES + 1);
        if (n % BLOCK === BLOCK - 1) entries.take();
      });
    }],
    ["series: times of its points", (): void => {
      points.forEach(({ ms, fields }, n) => times[n % times.length]?.newest(ms, 0, fields[0]?.value ?? 0));
    }],
  ];
}

/** Processor time so far, ns. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1_000;
}

function fail(): never {
  throw new Error("There are too few streams");
}
