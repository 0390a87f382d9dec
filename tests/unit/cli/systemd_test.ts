import { assertEquals } from "@std/assert";
import { supervision, SystemdNotifier } from "../../../src/cli/systemd.ts";
import type { Beat } from "../../../src/gateway/mod.ts";
import { ManualClock } from "../../support/manual_clock.ts";

function env(values: Readonly<Record<string, string>>): (name: string) => string | undefined {
  return (name) => values[name];
}

/** A notifier whose notices are kept, and fail while a test wants it. */
function notifier(
  watchdog: number | undefined,
): {
  told: string[][];
  errors: string[];
  clock: ManualClock;
  systemd: SystemdNotifier;
  fail: (is: boolean) => void;
} {
  const told: string[][] = [];
  const errors: string[] = [];
  const clock = new ManualClock();
  let failing = false;
  const systemd = new SystemdNotifier({
    notify(assignments): Promise<void> {
      if (failing) return Promise.reject(new Error("no such socket"));
      told.push([...assignments]);
      return Promise.resolve();
    },
    clock,
    watchdog,
    onError: (words) => void errors.push(words),
  });
  return { told, errors, clock, systemd, fail: (is) => failing = is };
}

/** Lets promises that wait on nothing but each other settle. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

const WELL: Beat = { healthy: true, text: "well" };
const ILL: Beat = { healthy: false, text: "stuck" };

Deno.test("without NOTIFY_SOCKET nobody is told anything", () => {
  assertEquals(supervision(env({}), 7), undefined);
  assertEquals(supervision(env({ NOTIFY_SOCKET: "" }), 7), undefined);
  assertEquals(supervision(env({ NOTIFY_SOCKET: "vsock:2:1" }), 7), undefined);
});

Deno.test("the watchdog is read in microseconds, and only where it is meant for this process", () => {
  const asked = { NOTIFY_SOCKET: "/run/systemd/notify", WATCHDOG_USEC: "60000000" };
  const [socket, watchdog] = ["/run/systemd/notify", 60_000];
  assertEquals(supervision(env(asked), 7), { socket, watchdog });
  assertEquals(supervision(env({ ...asked, WATCHDOG_PID: "7" }), 7), { socket, watchdog });
  assertEquals(supervision(env({ ...asked, WATCHDOG_PID: "8" }), 7), { socket, watchdog: undefined });
  assertEquals(supervision(env({ NOTIFY_SOCKET: "@abstract" }), 7), {
    socket: "@abstract",
    watchdog: undefined,
  });
});

Deno.test("a healthy gateway feeds the watchdog at half of its time, an ill one does not and says why", async () => {
  const { told, clock, systemd } = notifier(60_000);
  let beat = WELL;
  systemd.ready(() => beat);
  await settle();
  assertEquals(told, [["READY=1", "STATUS=well", "WATCHDOG=1"]]);
  clock.advance(29_999);
  await settle();
  assertEquals(told.length, 1);
  clock.advance(1);
  await settle();
  assertEquals(told[1], ["STATUS=well", "WATCHDOG=1"]);
  beat = ILL;
  clock.advance(30_000);
  await settle();
  assertEquals(told[2], ["STATUS=stuck"]);
  await systemd.close();
});

Deno.test("a start that takes long asks for more time until the gateway is ready", async () => {
  const { told, clock, systemd } = notifier(undefined);
  systemd.starting();
  clock.advance(25_000);
  await settle();
  assertEquals(told.length, 3);
  assertEquals(new Set(told.map(([, more]) => more)), new Set(["EXTEND_TIMEOUT_USEC=60000000"]));
  systemd.ready(() => WELL);
  clock.advance(5_000);
  await settle();
  assertEquals(told.slice(3), [["READY=1", "STATUS=well"]]);
  await systemd.close();
});

Deno.test("nothing follows the end", async () => {
  const { told, clock, systemd } = notifier(1_000);
  systemd.ready(() => WELL);
  await systemd.stopping();
  await systemd.close();
  clock.advance(60_000);
  await settle();
  assertEquals(told.length, 2);
  assertEquals(told[1]?.[0], "STOPPING=1");
});

Deno.test("notices that fail are said once, and again when they fail anew", async () => {
  const { errors, clock, systemd, fail } = notifier(2_000);
  fail(true);
  systemd.ready(() => WELL);
  clock.advance(3_000);
  await settle();
  assertEquals(errors, ["no such socket"]);
  fail(false);
  clock.advance(1_000);
  await settle();
  fail(true);
  clock.advance(1_000);
  await settle();
  assertEquals(errors.length, 2);
  await systemd.close();
});
