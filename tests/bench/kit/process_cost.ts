/** What a process has cost so far, as the kernel counts it. */
export interface ProcessCost {
  /** Largest resident memory, bytes (`VmHWM`). */
  readonly peakMemory: number;
  /** Bytes that it caused to be written to storage (`write_bytes`, whole pages). */
  readonly written: number;
  /** Seconds of processor time, all threads. */
  readonly cpu: number;
}

/** Kernel ticks of processor time in a second (`USER_HZ`). */
const TICKS = 100;

/** Looks at a process that still runs; see proc(5). */
export async function processCost(pid: number): Promise<ProcessCost> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const io = await Deno.readTextFile(`/proc/${pid}/io`);
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  // The second field is the name in brackets and may hold blanks: count from behind it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    peakMemory: 1_024 * numberIn(status, /^VmHWM:\s+(\d+) kB$/m),
    written: numberIn(io, /^write_bytes: (\d+)$/m),
    cpu: (Number(fields[11]) + Number(fields[12])) / TICKS,
  };
}

/** What a process has cost between two looks; the memory is the peak since its start. */
export function costSince(before: ProcessCost, after: ProcessCost): ProcessCost {
  return { ...after, written: after.written - before.written, cpu: after.cpu - before.cpu };
}

function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`${pattern} is not in "${text}"`);
  return Number(found);
}
