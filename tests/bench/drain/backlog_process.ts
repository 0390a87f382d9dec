/** Fills the outbox of a gateway with points, leaves a checkpoint that knows them, and waits to be killed. */
import type { Point, StreamIdentity } from "../../../src/model/mod.ts";
import type { Core } from "../../../src/gateway/core.ts";
import { tell, told } from "../../support/child_process.ts";
import { DEVICES } from "../../support/climate_site.ts";
import { openRestingCore } from "../kit/resting_core.ts";

/** What it is to make. */
export interface BacklogTask {
  readonly configPath: string;
  readonly points: number;
}

/** Values of a point. */
export const VALUES = 4;
/** Readings of its window. */
const READINGS = 10;
/** Event time between two points of a device, ms. */
const WINDOW = 10_000;
/** Points after which those before are brought to disk: the outbox keeps its memory bound. */
const GROUP = 100_000;

async function fill({ configPath, points }: BacklogTask): Promise<void> {
  const { core, rules } = await openRestingCore(configPath);
  const { driver, inbox, outbox } = core;
  driver.start(rules);
  await inbox.sync();
  const streams = Array.from({ length: DEVICES }, (_, device) => openStream(core, device));
  const newest = Math.floor(Date.now() / WINDOW) * WINDOW;
  const rounds = Math.ceil(points / DEVICES);
  for (let n = 0; n < points; n++) {
    const stream = streams[n % DEVICES];
    if (stream === undefined) throw new Error(`There is no device ${n % DEVICES}`);
    const round = Math.floor(n / DEVICES);
    outbox.add(pointOf(stream, round, newest - (rounds - 1 - round) * WINDOW));
    if ((n + 1) % GROUP === 0) await outbox.sync();
  }
  account(core, points);
  await driver.checkpoint();
}

function openStream({ driver: { river } }: Core, device: number): StreamIdentity {
  const id = `sensor-${String(device).padStart(2, "0")}`;
  const opened = river.registry.openDevice(id, Date.now());
  if (opened === undefined) throw new Error(`There is no room for the device "${id}"`);
  return {
    deviceIndex: opened.index,
    device: id,
    profile: "climate",
    measurement: "climate",
    tags: [["device", id], ["site", "north"]],
  };
}

/** What a window of temperature leaves. */
function pointOf(stream: StreamIdentity, round: number, ms: number): Point {
  const mean = 21 + 4 * Math.sin((round + stream.deviceIndex) / 40);
  const spread = 0.2 + (round % 7) / 100;
  return {
    stream,
    fields: [
      { name: "temperature_mean", type: "float", value: Number(mean.toFixed(3)) },
      { name: "temperature_min", type: "float", value: Number((mean - spread).toFixed(2)) },
      { name: "temperature_max", type: "float", value: Number((mean + spread).toFixed(2)) },
      { name: "temperature_count", type: "int", value: READINGS },
    ],
    ms,
    ns: 0,
    readings: READINGS,
    correction: false,
  };
}

/** The readings that the points stand for were decoded some time. */
function account({ driver: { river } }: Core, points: number): void {
  river.totals.decoded += points * READINGS;
  for (const { index, counts } of river.registry.devices) {
    counts.decoded += READINGS * Math.ceil((points - index) / DEVICES);
  }
}

if (import.meta.main) {
  await fill(JSON.parse(Deno.args[0] ?? ""));
  await tell("filled");
  await told();
}
