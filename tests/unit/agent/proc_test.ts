import { assertEquals } from "@std/assert";
import {
  busyShare,
  loadAverages,
  memory,
  network,
  processes,
  processorTime,
  uptime,
} from "../../../devices/agent/proc.ts";

/** Captured on Debian 12, Linux 6.1; a second apart. */
const STAT = `cpu  284320 1420 72404 524437 2357 0 4049 761 0 0
cpu0 142104 620 35817 263735 519 0 1775 383 0 0
cpu1 142215 799 36586 260701 1838 0 2273 378 0 0
intr 67345120 0 9 0 0 0
ctxt 129482123
btime 1764000000
processes 66821
`;
const STAT_LATER = STAT.replace("284320 1420 72404 524437 2357", "284360 1420 72414 524577 2367");

const MEMINFO = `MemTotal:       24683656 kB
MemFree:        23285924 kB
MemAvailable:   24026456 kB
Buffers:           19672 kB
Cached:           875244 kB
SwapCached:            0 kB
SwapTotal:       2097148 kB
SwapFree:        1572861 kB
HugePages_Total:       0
`;

const NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 5436476850 4316741    0    0    0     0          0         0 5436476850 4316741    0    0    0     0       0          0
  eth0: 411145244   19173    0    0    0     0          0         0  1090736   14011    0    0    0     0       0          0
 wlan0:1000       7    0    0    0     0          0         0        24       1    0    0    0     0       0          0
`;

Deno.test("the processors' time is busy without idle and waiting, of all columns but the guests'", () => {
  assertEquals(processorTime(STAT), { busy: 362954, total: 889748 });
  // Guest time is part of user already.
  assertEquals(processorTime("cpu 10 0 0 90 0 0 0 0 10 0\n"), { busy: 10, total: 100 });
  // Linux 2.4 had four columns.
  assertEquals(processorTime("cpu 10 0 5 85"), { busy: 15, total: 100 });
});

Deno.test("the busy share is that between two looks, in per cent to a tenth, and never beyond its bounds", () => {
  const [before, after] = [processorTime(STAT), processorTime(STAT_LATER)];
  if (before === undefined || after === undefined) throw new Error("Nothing was read");
  assertEquals(busyShare(before, after), 25);
  assertEquals(busyShare(before, before), undefined);
  assertEquals(busyShare({ busy: 10, total: 100 }, { busy: 13, total: 102 }), 100);
  assertEquals(busyShare({ busy: 10, total: 100 }, { busy: 9, total: 102 }), 0);
  assertEquals(busyShare({ busy: 0, total: 0 }, { busy: 1, total: 3 }), 33.3);
});

Deno.test("the load averages are the first three numbers", () => {
  assertEquals(loadAverages("0.59 1.59 2.16 2/121 668\n"), [0.59, 1.59, 2.16]);
});

Deno.test("memory is what programs could still get, swap its own share", () => {
  assertEquals(memory(MEMINFO), { used: 2.7, free: 24026456 * 1024, swap_used: 25 });
  assertEquals(memory(MEMINFO.replace(/^SwapTotal:.*$/m, "SwapTotal: 0 kB")), {
    used: 2.7,
    free: 24026456 * 1024,
  });
});

Deno.test("an old kernel's available memory is free, buffers and cache together", () => {
  const old = MEMINFO.replace(/^MemAvailable:.*\n/m, "");
  assertEquals(memory(old)?.free, (23285924 + 19672 + 875244) * 1024);
});

Deno.test("the network's counters are those of all interfaces but the loop-back, glued columns or not", () => {
  assertEquals(network(NET_DEV), { received: 411146244, sent: 1090760 });
  assertEquals(network(NET_DEV.split("\n").slice(0, 3).join("\n")), { received: 0, sent: 0 });
});

Deno.test("uptime is whole seconds, processes are the folders with a number", () => {
  assertEquals(uptime("4459.59 5244.37\n"), 4459);
  assertEquals(processes(["1", "22", "self", "net", "4a", "uptime"]), 2);
});

Deno.test("a text that is something else gives nothing, never a wrong figure", () => {
  for (
    const text of [
      "",
      "\n",
      "hello world",
      "cpu a b c d",
      "cpu 1 2 3",
      "eth0: 1 2 3",
      "MemFree: 1 kB",
      "NaN NaN NaN",
    ]
  ) {
    assertEquals(
      [processorTime(text), loadAverages(text), memory(text), network(text), uptime(text)],
      [undefined, undefined, undefined, undefined, undefined],
      text,
    );
  }
});
