/** Bytes of one append: a page. */
const PAGE = 4_096;

/** How often it is tried. */
const TIMES = 400;

/** How long the disk takes, ms. */
export interface SyncTimes {
  readonly p50: number;
  readonly p99: number;
}

/** Appends a page in a folder and waits until the disk has it, again and again: nothing durable is faster here. */
export async function fdatasync(folder: string, part: number): Promise<SyncTimes> {
  const path = `${folder}/fdatasync`;
  using file = await Deno.open(path, { create: true, append: true });
  const page = new Uint8Array(PAGE).fill(7);
  const times: number[] = [];
  for (let n = 0; n < Math.max(20, TIMES * part); n++) {
    const began = performance.now();
    await file.write(page);
    await file.syncData();
    times.push(performance.now() - began);
  }
  await Deno.remove(path);
  times.sort((a, b) => a - b);
  const at = (part: number): number => times[Math.floor(part * times.length)] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
