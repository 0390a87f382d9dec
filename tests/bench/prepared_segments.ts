/**
 * What `buffer.prepare_segments` spares the device: the journal alone on an ext4 of its own, with what the kernel counts
 * for that device. Needs the right to mount: `deno run -A tests/bench/prepared_segments.ts`.
 * @module
 */
import { denoFiles, Journal, position } from "../../src/journal/mod.ts";
import { tell } from "../support/child_process.ts";
import { Volume } from "../support/volume.ts";

/** Large enough that ext4 takes blocks of 4 KiB. */
const MEGABYTES = 1_024;
const SEGMENT = 1 << 20;
const BODY = 120;

/** Messages a group, and groups: each message alone, a few together, and as many as under full load. */
const LOADS = [[1, 8_000], [10, 2_000], [165, 500]] as const;

/** What a device has done since it was there, as /proc/diskstats counts it. */
interface DeviceCounts {
  readonly writes: number;
  readonly bytes: number;
  readonly flushes: number;
}

async function countsOf(mount: string): Promise<DeviceCounts> {
  const mounts = await Deno.readTextFile("/proc/mounts");
  const device = mounts.split("\n").map((line) => line.split(" ")).find(([, at]) => at === mount)?.[0] ?? "";
  const name = device.replace("/dev/", "");
  const lines = (await Deno.readTextFile("/proc/diskstats")).split("\n");
  const fields = lines.map((line) => line.trim().split(/\s+/)).find((cells) => cells[2] === name) ?? [];
  const [writes, sectors, flushes] = [7, 9, 18].map((at) => Number(fields[at]));
  return { writes: writes ?? NaN, bytes: (sectors ?? NaN) * 512, flushes: flushes ?? NaN };
}

/** Writes groups and trims behind them, and prints what each came to. @returns `false` where no volume can be mounted */
async function measure(recycle: boolean, perGroup: number, groups: number): Promise<boolean> {
  const mounted = await Volume.ext4(MEGABYTES);
  if (mounted === undefined) return false;
  await using volume = mounted;
  const journal = await Journal.open({
    folder: `${volume.path}/inbox`,
    files: denoFiles,
    segmentBytes: SEGMENT,
    sync: "group",
    recycle,
    salt: () => crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n,
    wall: () => Date.now(),
    after: (ms, fire) => {
      const timer = setTimeout(fire, ms);
      return { cancel: () => clearTimeout(timer) };
    },
  });
  const group = async (): Promise<void> => {
    for (let n = 0; n < perGroup; n++) journal.append(1, crypto.getRandomValues(new Uint8Array(BODY)));
    await journal.sync();
  };
  const trim = async (): Promise<void> => {
    const [, second, third] = journal.segments;
    if (second !== undefined && third !== undefined) await journal.trim(position(second.first));
  };
  // Until the segments that are written over are the ones that were trimmed.
  let newest = "";
  for (let opened = 0; opened < 6;) {
    await group();
    const name = journal.segments.at(-1)?.name ?? "";
    if (name === newest) continue;
    newest = name;
    opened++;
    await trim();
  }
  const before = await countsOf(volume.path);
  const waits: number[] = [];
  for (let n = 0; n < groups; n++) {
    const began = performance.now();
    await group();
    waits.push(performance.now() - began);
    if (n % 20 === 0) await trim();
  }
  const after = await countsOf(volume.path);
  await journal.close();
  waits.sort((a, b) => a - b);
  const each = (of: keyof DeviceCounts): number => (after[of] - before[of]) / groups;
  const quantile = (part: number): string => (waits[Math.floor(part * groups)] ?? NaN).toFixed(2);
  await tell(
    `${recycle ? "prepared" : "growing "}  ${String(perGroup).padStart(3)} a group: ` +
      `${(each("bytes") / 1_000).toFixed(1)} kB, ${each("writes").toFixed(2)} writes and ` +
      `${each("flushes").toFixed(2)} flushes of the device a group; p50 ${quantile(0.5)}, p99 ${
        quantile(0.99)
      } ms`,
  );
  return true;
}

for (const [perGroup, groups] of LOADS) {
  for (const recycle of [false, true]) if (!await measure(recycle, perGroup, groups)) Deno.exit(0);
}
