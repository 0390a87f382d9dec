/** A volume without space: for the inbox, the outbox, the quarantine, the checkpoint; and space returning. */
import { assertGreater } from "@std/assert";
import { until } from "../support/until.ts";
import { Volume } from "../support/volume.ts";
import { type Row, scenario, Stand } from "./kit/mod.ts";

interface FullDisk {
  /** What the devices do and what the database is like while the disk is full. */
  readonly during: (stand: Stand) => Promise<void>;
  /** How much of the load comes before; then the gateway comes to rest, and its ballast to its size. */
  readonly shareBefore?: number;
  readonly note: string;
}

/** Fills the volume under load, waits, gives the space back, and sees that everything is there. */
async function fullDisk({ during, shareBefore = 0.2, note }: FullDisk): Promise<Row | undefined> {
  const volume = await Volume.memory(24);
  if (volume === undefined) return;
  await using _unmounted = volume;
  await using stand = await Stand.open(31, {
    load: { each: 200, pace: 3_000 },
    config: {
      gateway: { id: "test", data_dir: `${volume.path}/data` },
      buffer: { max_bytes: "16MiB", checkpoint: { after_bytes: "128KiB", at_most: "1s" } },
    },
  });
  if (stand === undefined) return;
  await stand.load.publish(stand.share * shareBefore);
  await stand.gateway.atRest(stand.load.sent.length);
  await until("the ballast holds two checkpoints", async () => {
    const { bytes } = (await stand.gateway.get("/api/v1/status")).body.checkpoint;
    const ballast = await Deno.stat(`${volume.path}/data/ballast`).catch(() => undefined);
    return bytes > 0 && (ballast?.size ?? 0) >= 2 * bytes;
  }, { timeout: 30_000, every: 100 });
  {
    using _filler = await volume.fill();
    await during(stand);
  }
  stand.faultOver();
  const row = await stand.accounted(note);
  await stand.gateway.kill();
  return row;
}

/** Waits until readiness names a full disk. */
async function toldFull({ gateway }: Stand): Promise<void> {
  await until("readiness says that the disk is full", async () => {
    const answer = await gateway.get("/readyz").catch(() => undefined);
    return answer?.status === 503 && answer.text.includes("disk_full");
  }, {
    timeout: 30_000,
    every: 100,
    state: async () => [(await gateway.get("/readyz")).text, gateway.stderrNow().slice(-1_500)],
  });
}

scenario(
  "disk full under the inbox, and space again",
  { shows: ["P1", "P2", "P3", "P4"], always: true },
  () => {
    return fullDisk({
      async during(stand): Promise<void> {
        const publishing = stand.load.publish(stand.share);
        await toldFull(stand);
        await publishing;
      },
      note: "not ready, nothing acknowledged meanwhile",
    });
  },
);

scenario(
  "disk full and the gateway killed and started meanwhile",
  { shows: ["P1", "P2", "P3", "P4"] },
  () => {
    return fullDisk({
      async during(stand): Promise<void> {
        const publishing = stand.load.publish(stand.share);
        await toldFull(stand);
        for (let death = 1; death <= 3; death++) {
          await stand.gateway.kill();
          await stand.gateway.start();
        }
        await toldFull(stand);
        await publishing;
      },
      note: "3 deaths on the full disk",
    });
  },
);

scenario("disk full under the outbox, with the database away", { shows: ["P2", "P3", "P4"] }, () => {
  return fullDisk({
    shareBefore: 0.05,
    async during(stand): Promise<void> {
      stand.databaseLine.set("refuse");
      stand.databaseLine.cut();
      const publishing = stand.load.publish(stand.share);
      await toldFull(stand);
      await publishing;
    },
    note: "points wait in memory and are made again from the inbox",
  });
});

scenario("disk full under the checkpoint: the ballast makes room", { shows: ["P2", "P3", "P4"] }, () => {
  return fullDisk({
    shareBefore: 0.6,
    async during(stand): Promise<void> {
      const before = (await stand.gateway.get("/api/v1/status")).body.checkpoint.taken_at;
      const publishing = stand.load.publish(stand.share);
      await toldFull(stand);
      await until("a checkpoint was taken all the same", async () => {
        return (await stand.gateway.get("/api/v1/status")).body.checkpoint.taken_at > before;
      }, { timeout: 30_000, every: 100 });
      await publishing;
    },
    note: "a checkpoint is taken while there is no space",
  });
});

scenario("disk full under the quarantine", { shows: ["P2", "P3", "P4", "P6"] }, () => {
  return fullDisk({
    async during(stand): Promise<void> {
      // One message in ten is refused, and has to be kept with its reason.
      stand.load.spoil((n) => n % 10 === 0);
      const publishing = stand.load.publish(stand.share);
      await toldFull(stand);
      await publishing;
      assertGreater(stand.load.spoiled, 500);
    },
    note: "refused messages are kept when there is space again",
  });
});
