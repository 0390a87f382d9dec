/** `kill -9` at the named points of the way to the disk and back, by a rule for the n-th system call of a kind. */
import { assertEquals } from "@std/assert";
import { SyscallShim } from "../support/syscall_shim.ts";
import { until } from "../support/until.ts";
import { deathAt, type Row, scenario, Stand, struckDead } from "./kit/mod.ts";

type Death = ReturnType<typeof deathAt>;

/** Small segments, so that they rotate and are trimmed; checkpoints often. */
const CONFIG = { buffer: { max_bytes: "16MiB", checkpoint: { after_bytes: "64KiB", at_most: "1s" } } };

/** Kills the gateway at each of these calls, one after the other under one load, and sees that nothing is lost. */
async function killedAt(
  deaths: readonly Death[],
  note: string,
  { config = CONFIG, each = 60 } = {},
): Promise<Row | undefined> {
  await using shim = await SyscallShim.make();
  if (shim === undefined) return;
  await using stand = await Stand.open(11, {
    env: shim.env,
    // Slow enough that many groups go down one after the other, and that nothing has to be given up.
    load: { each: each * deaths.length + 30, pace: 3_000 },
    config,
  });
  if (stand === undefined) return;
  for (const [n, death] of deaths.entries()) {
    await shim.strike(death);
    const publishing = stand.load.publish(Math.round(stand.share * (n + 1) / deaths.length));
    await struckDead(stand.gateway, shim);
    await stand.gateway.start();
    await publishing;
  }
  assertEquals((await shim.hits()).map(({ call }) => call), deaths.map(({ call }) => call));
  return await stand.accounted(note);
}

/** Kills the gateway at each of these calls of its start, again and again with a backlog to replay. */
async function killedAtStart(deaths: readonly Death[], note: string): Promise<Row | undefined> {
  await using shim = await SyscallShim.make();
  if (shim === undefined) return;
  // Checkpoints are far away: there is something to replay, at every start the same.
  const config = { buffer: { max_bytes: "256MiB", checkpoint: { after_bytes: "64MiB", at_most: "1h" } } };
  await using stand = await Stand.open(12, { env: shim.env, config });
  if (stand === undefined) return;
  const { gateway } = stand;
  await stand.load.publish(stand.share);
  await gateway.atRest(stand.share);
  await gateway.kill();
  for (const death of deaths) {
    await shim.strike(death);
    gateway.spawn();
    await struckDead(gateway, shim);
  }
  assertEquals((await shim.hits()).map(({ call }) => call), deaths.map(({ call }) => call));
  await gateway.start();
  return await stand.accounted(note);
}

scenario("kill -9 between fdatasync and PUBACK", { shows: ["P1", "P2", "P3"] }, () => {
  return killedAt(
    [1, 4, 9].map((n) => deathAt("fdatasync", "/data/inbox/", n)),
    "after the 2nd, 5th, 10th sync",
  );
});

scenario("kill -9 between write and fdatasync of the inbox", { shows: ["P1", "P2", "P3"] }, () => {
  return killedAt([0, 3, 8].map((n) => deathAt("fdatasync", "/data/inbox/", n, "before")), "3 deaths");
});

scenario("kill -9 at each step of a segment's rotation", { shows: ["P1", "P2", "P3"] }, () => {
  const folder = "/data/inbox";
  return killedAt(
    [
      deathAt("open", `${folder}/`, 0, "before"),
      deathAt("open", `${folder}/`, 0),
      deathAt("write", `${folder}/`, 0),
      deathAt("fsync", folder, 0, "before"),
      deathAt("fsync", folder, 0),
      deathAt("fdatasync", `${folder}/`, 0, "before"),
    ],
    "open, head, fsync of the folder, first group",
    { each: 200 },
  );
});

scenario("kill -9 at each step of a checkpoint", { shows: ["P1", "P2", "P3"], always: true }, () => {
  const [folder, temp] = ["/data/checkpoint", "/data/checkpoint/writing.tmp"];
  return killedAt([
    deathAt("open", temp, 0),
    deathAt("write", temp, 0),
    deathAt("fdatasync", temp, 0, "before"),
    deathAt("fdatasync", temp, 0),
    deathAt("rename", folder, 0, "before"),
    deathAt("rename", folder, 0),
    deathAt("fsync", folder, 0, "before"),
    deathAt("fsync", folder, 0),
    deathAt("unlink", `${folder}/checkpoint-`, 0, "before"),
    deathAt("unlink", `${folder}/checkpoint-`, 0),
  ], "write, sync, rename, sync of the folder, unlink");
});

scenario("kill -9 before and after a trim", { shows: ["P1", "P2", "P3"] }, () => {
  return killedAt(
    [
      deathAt("unlink", "/data/inbox/", 0, "before"),
      deathAt("unlink", "/data/inbox/", 0),
      deathAt("unlink", "/data/inbox/", 1),
    ],
    "of the inbox",
    { each: 200 },
  );
});

scenario("kill -9 while segments move to the raw archive", { shows: ["P1", "P2", "P3"] }, () => {
  return killedAt(
    [
      deathAt("rename", "/data/archive/", 0, "before"),
      deathAt("rename", "/data/archive/", 0),
    ],
    "before and after the rename",
    { config: { buffer: { ...CONFIG.buffer, ...{ archive: "1h" } } }, each: 300 },
  );
});

scenario(
  "kill -9 in the start-up replay, again and again",
  { shows: ["P1", "P2", "P3", "P5"], always: true },
  () => {
    return killedAtStart([
      deathAt("open", "/data/replay.json", 0),
      deathAt("fdatasync", "/data/replay.json", 0),
      // Two attempts that count …
      deathAt("rename", "/data/replay.json", 0),
      deathAt("rename", "/data/replay.json", 0),
      // … and from then on it says where it is: every 4,096 records, then every 64, then at each.
      deathAt("rename", "/data/replay.json", 1),
      deathAt("rename", "/data/replay.json", 3),
      deathAt("rename", "/data/replay.json", 40),
      deathAt("open", "/data/checkpoint/", 0),
      deathAt("rename", "/data/checkpoint/", 0),
      deathAt("unlink", "/data/replay.json", 0, "before"),
    ], "10 deaths between the first record and the checkpoint behind the last");
  },
);

scenario("kill -9 in the repair of a torn tail", { shows: ["P1", "P3", "P7"] }, () => {
  return killedAtStart([
    deathAt("open", "/data/inbox/", 0),
    deathAt("write", "/data/inbox/", 1),
    deathAt("fdatasync", "/data/inbox/", 0, "before"),
    deathAt("fdatasync", "/data/inbox/", 0),
    deathAt("fsync", "/data/inbox", 0),
  ], "while what is unproven is copied");
});

scenario("kill -9 between a delivery and the checkpoint", { shows: ["P2", "P3"] }, async () => {
  await using stand = await Stand.open(13, { load: { each: 150 } });
  if (stand === undefined) return;
  const { gateway, front, load } = stand;
  for (let death = 1; death <= 5; death++) {
    const delivered = front.delivered;
    const publishing = load.publish(Math.round(stand.share * death / 5));
    // The database has taken it; the gateway hears of it, or just not.
    await until("the database has taken a block", () => front.delivered > delivered, {
      timeout: 30_000,
      every: 1,
    });
    await gateway.kill();
    await gateway.start();
    await publishing;
  }
  const row = await stand.accounted();
  return { ...row, note: `5 deaths; ${front.delivered} lines for the points` };
});
