/**
 * A long run under mixed load with faults at random: nothing may grow. `deno task soak` runs it for an hour
 * (`SLUICE_SOAK_MINUTES`); as a scenario it is short.
 */
import { assert } from "@std/assert";
import { Dice } from "../../devices/simulator/dice.ts";
import type { Section } from "../support/gateway_process.ts";
import { until } from "../support/until.ts";
import { scenario, seedOf, Stand } from "./kit/mod.ts";

/** An hour where the task asks for it; as one scenario among many it is short. */
const MINUTES = Number(
  Deno.env.get("SLUICE_SOAK_MINUTES") ?? (Deno.env.get("SLUICE_SOAK") === "hour" ? 60 : 0.4),
);
/** Messages per second of all devices. */
const PACE = 600;
const DEVICES = 50;
/** Between two looks at the process, ms. */
const LOOK = Math.max(2_000, MINUTES * 60_000 / 60);
/** From the end of a fault to the next, ms: time to recover, but not always. */
const REST = 4_000;

/** The process at a moment. */
interface Sample {
  readonly minute: number;
  readonly rss: number;
  readonly descriptors: number;
  readonly disk: number;
  readonly loopDelay: number;
  readonly received: number;
  /** How many faults struck so far. */
  readonly faults: number;
  /** The last of them. */
  readonly fault: string;
}

type Fault = readonly [name: string, strike: (stand: Stand) => Promise<void>];

const FAULTS: readonly [Fault, ...Fault[]] = [
  ["database refuses", async (stand): Promise<void> => {
    stand.databaseLine.set("refuse");
    stand.databaseLine.cut();
    await pause(3_000);
    stand.databaseLine.set("pass");
  }],
  ["database stalls", async (stand): Promise<void> => {
    stand.databaseLine.set("stall");
    await pause(3_000);
    stand.databaseLine.set("pass");
    stand.databaseLine.cut();
  }],
  ["database answers 503", async (stand): Promise<void> => {
    stand.front.rule = () => new Response("busy", { status: 503 });
    await pause(2_000);
    stand.front.rule = () => "pass";
  }],
  ["answers are swallowed", async (stand): Promise<void> => {
    stand.front.rule = () => "swallow";
    await pause(1_000);
    stand.front.rule = () => "pass";
  }],
  ["broker line is cut", (stand): Promise<void> => {
    stand.brokerLine.cut();
    return pause(500);
  }],
  ["broker line is cut in mid-packet", (stand): Promise<void> => {
    stand.brokerLine.cutAfter("down", 10_000 + Math.round(performance.now()) % 500);
    return pause(1_000);
  }],
  ["reload", (stand): Promise<void> => {
    stand.gateway.signal("SIGHUP");
    return pause(500);
  }],
  ["bad messages", (stand): Promise<void> => {
    const from = stand.load.sent.length;
    stand.load.spoil((n) => n < from + 2_000 && n % 7 === 0);
    return pause(500);
  }],
];

scenario(
  "soak: mixed load and faults at random, nothing grows",
  { shows: ["P2", "P3", "P4"], always: true },
  async () => {
    const seed = seedOf("soak");
    const dice = new Dice(seed);
    const each = Math.ceil(MINUTES * 60 * PACE / DEVICES);
    const buffer: Section = { max_bytes: "64MiB", checkpoint: { after_bytes: "1MiB", at_most: "10s" } };
    await using stand = await Stand.open(seed, {
      load: { devices: DEVICES, each, pace: PACE, spread: Math.max(30, 2 * MINUTES) * 60_000 },
      config: { buffer },
    });
    if (stand === undefined) return;
    const samples: Sample[] = [];
    const publishing = stand.load.publish(stand.share);
    const began = performance.now();
    await say("minute   RSS MiB  descriptors  disk MiB  loop delay ms   received  faults  the last\n");
    assert(stand.share > 0);
    let faults = 0;
    while (stand.load.sent.length < stand.share) {
      const [name, strike] = FAULTS[Math.floor(dice.uniform() * FAULTS.length)] ?? FAULTS[0];
      await strike(stand);
      faults++;
      await pause(Math.min(LOOK, REST));
      const minute = (performance.now() - began) / 60_000;
      if (minute * 60_000 < (samples.length + 1) * LOOK) continue;
      const sample = { ...await look(stand), minute, faults, fault: name };
      samples.push(sample);
      await say(lineOf(sample));
    }
    await publishing;
    stand.faultOver();
    const row = await stand.accounted(undefined, "newest");
    assertNoGrowth(samples);
    const [first, last] = [samples[0], samples.at(-1)];
    const rss = `RSS ${mib(first?.rss ?? 0)} → ${mib(last?.rss ?? 0)} MiB`;
    return {
      ...row,
      note: `${MINUTES} minutes, ${faults} faults, seed ${seed}; ${rss}, ${last?.descriptors} descriptors`,
    };
  },
);

/** The second half of the run needs what the first half did: after the warm-up nothing climbs. */
function assertNoGrowth(samples: readonly Sample[]): void {
  const half = Math.ceil(samples.length / 2);
  const most = (of: (sample: Sample) => number, part: readonly Sample[]): number =>
    Math.max(0, ...part.map(of));
  const [before, after] = [samples.slice(0, half), samples.slice(half)];
  const descriptors = ({ descriptors }: Sample): number => descriptors;
  assert(
    most(descriptors, after) <= most(descriptors, before) + 8,
    `open files grew from ${most(descriptors, before)} to ${most(descriptors, after)}`,
  );
  const rss = ({ rss }: Sample): number => rss;
  assert(
    most(rss, after) <= 1.25 * most(rss, before) + 32 * 1_048_576,
    `memory grew from ${mib(most(rss, before))} to ${mib(most(rss, after))} MiB`,
  );
  assert(
    most(({ disk }) => disk, samples) <= 64 * 1_048_576 * (1 + 1 / 16),
    "the disk is fuller than allowed",
  );
}

async function look({ gateway }: Stand): Promise<Omit<Sample, "minute" | "faults" | "fault">> {
  const { pid } = gateway;
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const metrics = (await gateway.get("/metrics")).text;
  const { body } = await gateway.get("/api/v1/status");
  return {
    rss: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1_024,
    descriptors: (await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`))).length,
    disk: body.disk.used_bytes,
    loopDelay: 1_000 * Number(/^sluice_event_loop_delay_seconds (\S+)/m.exec(metrics)?.[1] ?? NaN),
    received: body.ledger.messages.received,
  };
}

function lineOf({ minute, rss, descriptors, disk, loopDelay, received, faults, fault }: Sample): string {
  const cells = [minute.toFixed(2).padStart(6), mib(rss).padStart(8), String(descriptors).padStart(11)];
  cells.push(
    mib(disk).padStart(8),
    loopDelay.toFixed(1).padStart(13),
    received.toLocaleString("en-US").padStart(9),
    String(faults).padStart(6),
  );
  return `${cells.join("  ")}  ${fault}\n`;
}

function mib(bytes: number): string {
  return (bytes / 1_048_576).toFixed(1);
}

async function pause(ms: number): Promise<void> {
  const end = performance.now() + ms;
  await until("it is time", () => performance.now() >= end, { timeout: ms + 60_000, every: 20 });
}

async function say(text: string): Promise<void> {
  await Deno.stderr.write(new TextEncoder().encode(text));
}
