import { assertEquals } from "@std/assert";
import { type Machine, Observer } from "../../../devices/agent/figures.ts";

const TEXTS: Readonly<Record<string, string>> = {
  "/proc/stat": "cpu 100 0 0 900 0 0 0 0 0 0\n",
  "/proc/loadavg": "0.59 1.59 2.16 2/121 668\n",
  "/proc/meminfo": "MemTotal: 1000 kB\nMemAvailable: 400 kB\n",
  "/proc/net/dev": "  eth0: 7 1 0 0 0 0 0 0 8 1 0 0 0 0 0 0\n",
  "/proc/uptime": "4459.59 5244.37\n",
};

/** A machine of texts; what is missing rejects as Deno does. */
function machine(texts: Record<string, string>): Machine {
  return {
    text: (path) => {
      const text = texts[path];
      return text === undefined
        ? Promise.reject(new Deno.errors.NotFound(`no ${path}`))
        : Promise.resolve(text);
    },
    names: () =>
      texts["/proc/stat"] === undefined ? Promise.reject(new Error("no /proc")) : Promise.resolve(["1", "x"]),
    disk: () => Promise.resolve({ size: 4096, blocks: 1000, free: 300, open: 250 }),
    failedSignIns: () => Promise.resolve(2),
  };
}

Deno.test("the first look has no share of the processors, and does not call it left out; the second has it", async () => {
  const texts = { ...TEXTS };
  const said: string[] = [];
  const observer = new Observer(machine(texts), (figure) => void said.push(figure));
  const all = {
    load: [0.59, 1.59, 2.16],
    processes: 1,
    memory: { used: 60, free: 409600 },
    disk: { used: 73.7, free: 1024000 },
    net: { received: 7, sent: 8 },
    uptime: 4459,
    failed_signins: 2,
  };
  assertEquals(await observer.look(), all);
  texts["/proc/stat"] = "cpu 150 0 0 950 0 0 0 0 0 0\n";
  assertEquals(await observer.look(), { cpu: 50, ...all });
  assertEquals(said, []);
});

Deno.test("what a machine does not have is left out and said once, what comes back is there again", async () => {
  const texts: Record<string, string> = {};
  const said: string[] = [];
  const observer = new Observer(machine(texts), (figure, why) => void said.push(`${figure}: ${why}`));
  const rest = { disk: { used: 73.7, free: 1024000 }, failed_signins: 2 };
  assertEquals(await observer.look(), rest);
  assertEquals(await observer.look(), rest);
  assertEquals(said, [
    "cpu: no /proc/stat",
    "load: no /proc/loadavg",
    "processes: no /proc",
    "memory: no /proc/meminfo",
    "net: no /proc/net/dev",
    "uptime: no /proc/uptime",
  ]);
  texts["/proc/uptime"] = "5.5 1";
  texts["/proc/loadavg"] = "something else";
  assertEquals(await observer.look(), { ...rest, uptime: 5 });
  assertEquals(said.length, 6);
});
