/** Wall clocks that step, and one that does not know the year; the process believes libfaketime. */
import { assert, assertEquals } from "@std/assert";
import { needService } from "../support/services.ts";
import { until } from "../support/until.ts";
import { type Row, scenario, Stand } from "./kit/mod.ts";

/** A wall clock of one process that a scenario sets; its monotonic clock runs on. */
class FakeClock implements AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  readonly #folder: string;

  private constructor(library: string, folder: string) {
    this.#folder = folder;
    this.env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: `${folder}/time`,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
  }

  static async make(): Promise<FakeClock | undefined> {
    const library = needService("libfaketime");
    if (library === undefined) return undefined;
    const clock = new FakeClock(library, await Deno.makeTempDir({ prefix: "sluice_clock_" }));
    await clock.set("+0");
    return clock;
  }

  /** As libfaketime reads it: `-1h`, `+1d`, `+0`, or a start time as `@1970-01-02 00:00:00`. */
  async set(time: string): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/new`, `${time}\n`);
    await Deno.rename(`${this.#folder}/new`, `${this.#folder}/time`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Waits until readiness says that the clock is not to be trusted. */
async function doubted({ gateway }: Stand): Promise<void> {
  await until("readiness doubts the clock", async () => {
    const answer = await gateway.get("/readyz").catch(() => undefined);
    return answer?.status === 503 && answer.text.includes("clock_implausible");
  }, { timeout: 30_000, every: 100 });
}

/** The wall clock steps under load, and steps back. */
async function stepped(by: string): Promise<Row | undefined> {
  const clock = await FakeClock.make();
  if (clock === undefined) return;
  await using _removed = clock;
  await using stand = await Stand.open(41, {
    env: clock.env,
    load: { each: 160, pace: 2_000 },
    // Shorter than either step, and much longer than the scenario lasts.
    config: { alerts: [{ name: "silent", silent_for: "30m" }] },
  });
  if (stand === undefined) return;
  await stand.load.publish(stand.share / 4);
  await clock.set(by);
  const publishing = stand.load.publish(stand.share / 2);
  await doubted(stand);
  await publishing;
  await stand.gateway.kill();
  await stand.gateway.start();
  await clock.set("+0");
  stand.faultOver();
  await stand.load.publish(stand.share);
  const row = await stand.accounted("stepped, killed and started, stepped back");
  assertEquals((await stand.gateway.log("alert_firing")).length, 0);
  return row;
}

scenario(
  "the wall clock steps back by an hour under load",
  { shows: ["P2", "P3", "P5"] },
  () => stepped("-1h"),
);

scenario(
  "the wall clock steps ahead by a day under load",
  { shows: ["P2", "P3", "P5"] },
  () => stepped("+1d"),
);

scenario("a start in 1970, and the time arrives later", { shows: ["P2", "P3"] }, async () => {
  const clock = await FakeClock.make();
  if (clock === undefined) return;
  await using _removed = clock;
  await clock.set("@1970-01-02 00:00:00");
  await using stand = await Stand.open(42, { env: clock.env, stopped: true });
  if (stand === undefined) return;
  await stand.gateway.start();
  await stand.gateway.logged("mqtt_subscribed");
  await stand.load.publish(stand.share / 2);
  await doubted(stand);
  await until("messages were taken in all the same", async () => {
    return (await stand.gateway.ledger()).messages.processed > 1_000;
  }, { timeout: 30_000, every: 100 });
  assert((await stand.gateway.get("/api/v1/status")).body.now.startsWith("1970"));
  await clock.set("+0");
  await until("the clock is believed again, a minute after its step", async () => {
    return (await stand.gateway.get("/readyz").catch(() => undefined))?.status === 200;
  }, { timeout: 120_000, every: 500 });
  stand.faultOver();
  await stand.load.publish(stand.share);
  return await stand.accounted("device times are taken as they are");
});
