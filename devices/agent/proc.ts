/**
 * Texts of Linux's /proc to figures. Each reader gives `undefined` where a text is not what proc(5) describes.
 * @module
 */

/** How long all processors together were busy, and how long there was of them, in ticks since the start. */
export interface ProcessorTime {
  readonly busy: number;
  readonly total: number;
}

/**
 * Reads the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal; what follows is part of
 * user already.
 */
export function processorTime(stat: string): ProcessorTime | undefined {
  const [label, ...fields] = (stat.split("\n", 1)[0] ?? "").trim().split(/\s+/);
  const ticks = fields.slice(0, 8).map(Number);
  const [, , , idle, waiting = 0] = ticks;
  if (label !== "cpu" || idle === undefined || ticks.some((each) => !Number.isFinite(each))) return undefined;
  const total = ticks.reduce((sum, each) => sum + each, 0);
  return { busy: total - idle - waiting, total };
}

/**
 * Share of the processors that was busy between two readings, in per cent; `undefined` where no tick passed. The
 * kernel may take back some of its idle time (proc(5): iowait), so the share is held within its bounds.
 */
export function busyShare(before: ProcessorTime, after: ProcessorTime): number | undefined {
  const total = after.total - before.total;
  if (total <= 0) return undefined;
  return rounded(Math.min(100, Math.max(0, 100 * (after.busy - before.busy) / total)));
}

/** Reads /proc/loadavg: processes that run or wait to, over 1, 5 and 15 minutes. */
export function loadAverages(loadavg: string): readonly [number, number, number] | undefined {
  const [one, five, fifteen] = loadavg.trim().split(/\s+/).map(Number);
  if (one === undefined || five === undefined || fifteen === undefined) return undefined;
  return [one, five, fifteen].every(Number.isFinite) ? [one, five, fifteen] : undefined;
}

/** Memory: shares in per cent, the rest in bytes. */
export interface Memory {
  readonly used: number;
  /** What programs could still get, page cache included. */
  readonly free: number;
  /** Left out where there is no swap. */
  readonly swap_used?: number;
}

/** Reads /proc/meminfo. Kernels before 3.14 do not say what is available: then free, buffers and cache together. */
export function memory(meminfo: string): Memory | undefined {
  const kilobytes = new Map<string, number>();
  for (const [, name, value] of meminfo.matchAll(/^(\w+):\s+(\d+) kB$/gm)) {
    if (name !== undefined) kilobytes.set(name, Number(value));
  }
  const of = (name: string): number => kilobytes.get(name) ?? 0;
  const total = of("MemTotal");
  if (total === 0) return undefined;
  const free = kilobytes.get("MemAvailable") ?? of("MemFree") + of("Buffers") + of("Cached");
  const used = rounded(100 * (total - free) / total);
  const swap = of("SwapTotal");
  const base = { used, free: free * 1_024 };
  return swap === 0 ? base : { ...base, swap_used: rounded(100 * (swap - of("SwapFree")) / swap) };
}

/** Bytes since the start. */
export interface Network {
  readonly received: number;
  readonly sent: number;
}

/** Reads /proc/net/dev: all interfaces together but the loop-back. */
export function network(dev: string): Network | undefined {
  let [received, sent, interfaces] = [0, 0, 0];
  for (const line of dev.split("\n")) {
    const [, name, counts] = /^\s*([^:\s]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || counts === undefined) continue;
    const fields = counts.trim().split(/\s+/).map(Number);
    // Receive has eight columns, and so has transmit; bytes come first in each.
    const [incoming, outgoing] = [fields[0], fields[8]];
    if (incoming === undefined || outgoing === undefined || !Number.isFinite(incoming + outgoing)) {
      return undefined;
    }
    interfaces++;
    if (name === "lo") continue;
    received += incoming;
    sent += outgoing;
  }
  return interfaces === 0 ? undefined : { received, sent };
}

/** Reads /proc/uptime: whole seconds since the start. */
export function uptime(text: string): number | undefined {
  const seconds = Number.parseFloat(text);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.floor(seconds) : undefined;
}

/** Processes by the folders of /proc: those whose name is a number. */
export function processes(names: readonly string[]): number {
  return names.filter((name) => /^\d+$/.test(name)).length;
}

/** To a tenth: more is noise. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
