/** A disk that says no, or not yet: errors of fdatasync, write, open, rename; slow syncs; by a shim under the process. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { type DiskFault, SyscallShim } from "../support/syscall_shim.ts";
import { until } from "../support/until.ts";
import { type Row, scenario, Stand, type StandOptions, Supervisor, together } from "./kit/mod.ts";

/** A stand whose gateway lies on a disk that faults can strike. */
interface ShimmedStand extends AsyncDisposable {
  readonly stand: Stand;
  readonly shim: SyscallShim;
}

async function open(options: StandOptions = {}): Promise<ShimmedStand | undefined> {
  await using stack = new AsyncDisposableStack();
  const shim = await SyscallShim.make();
  if (shim === undefined) return;
  stack.use(shim);
  const stand = await Stand.open(21, { ...options, env: shim.env });
  if (stand === undefined) return;
  stack.use(stand);
  const all = stack.move();
  return { stand, shim, [Symbol.asyncDispose]: () => all[Symbol.asyncDispose]() };
}

/** The fault comes under load and goes after a while; the process may end and is started again. */
async function struck(
  faults: readonly DiskFault[],
  note: (ends: readonly (number | string)[], hits: number) => string,
  during: (stand: Stand, supervisor: Supervisor) => Promise<void> = () => Promise.resolve(),
): Promise<Row | undefined> {
  // Slow enough that many groups are synced one after the other.
  await using opened = await open({ load: { each: 140, pace: 2_000 } });
  if (opened === undefined) return;
  const { stand, shim } = opened;
  await using supervisor = new Supervisor(stand.gateway);
  await stand.load.publish(stand.share / 10);
  await shim.strike(...faults);
  const publishing = stand.load.publish(stand.share);
  await until("the fault has come", async () => (await shim.hits()).length > 0, {
    timeout: 30_000,
    every: 20,
  });
  await during(stand, supervisor);
  await publishing;
  await shim.strike();
  stand.faultOver();
  const row = await stand.accounted();
  return { ...row, note: note(supervisor.ends, (await shim.hits()).length) };
}

/** Why the gateway says that it is not ready. */
async function unready(stand: Stand, reason: string): Promise<void> {
  await until(`readiness says ${reason}`, async () => {
    const answer = await stand.gateway.get("/readyz").catch(() => undefined);
    return answer?.status === 503 && answer.text.includes(reason);
  }, { timeout: 30_000, every: 100, state: () => stand.gateway.stderrNow().slice(-1_000) });
}

scenario(
  "fdatasync of the inbox fails once, at the n-th call, n = 1 … 20",
  { shows: ["P1", "P2", "P3"] },
  async () => {
    const rows: Row[] = [];
    for (let n = 1; n <= 20; n++) {
      const row = await struck([{
        call: "fdatasync",
        path: "/data/inbox/",
        skip: n - 1,
        action: { error: "EIO" },
      }], () => "");
      if (row === undefined) return;
      rows.push(row);
    }
    return together(rows, "20 runs");
  },
);

scenario("fdatasync fails once", { shows: ["P1", "P2", "P3"], always: true }, () => {
  const fault: DiskFault = { call: "fdatasync", path: "/data/inbox/", skip: 2, action: { error: "EIO" } };
  return struck([fault], (ends) => `goes on in a new segment; ${ends.length} ends`);
});

scenario("fdatasync fails for ever", { shows: ["P1", "P2", "P3"] }, () => {
  const fault: DiskFault = {
    call: "fdatasync",
    path: "/data/inbox/",
    times: Infinity,
    action: { error: "EIO" },
  };
  return struck([fault], (ends) => {
    assert(ends.length >= 3 && ends.every((end) => end === 1), JSON.stringify(ends));
    return `${ends.length} ends with exit code 1, started again each time`;
  }, async (_, { ends }) => {
    await until("it has ended and was started again", () => ends.length >= 3, {
      timeout: 60_000,
      every: 100,
    });
  });
});

scenario("a disk that turns read-only (EROFS) and is mended", { shows: ["P1", "P2", "P3"] }, () => {
  const error = { error: "EROFS" } as const;
  const calls = ["write", "open", "rename", "unlink", "ftruncate"] as const;
  return struck(
    calls.map((call) => ({ call, path: "/data/", times: Infinity, action: error })),
    (ends, hits) => `${hits} refused calls, ${ends.length} ends`,
    (stand) => unready(stand, "disk"),
  );
});

scenario("a short write, then ENOSPC for a while", { shows: ["P1", "P2", "P3"], always: true }, () => {
  return struck([
    { call: "write", path: "/data/inbox/", action: { short: 17 } },
    { call: "write", path: "/data/inbox/", action: { error: "ENOSPC" } },
  ], (ends, hits) => {
    assertEquals([ends, hits], [[], 2]);
    return "cut back to the last whole group, tried again";
  }, (stand) => unready(stand, "disk"));
});

scenario("short writes all the time", { shows: ["P1", "P2", "P3"] }, () => {
  const fault: DiskFault = { call: "write", path: "/data/", times: Infinity, action: { short: 1_000 } };
  return struck([fault], (_, hits) => `${hits} writes cut to 1,000 bytes`);
});

/** Every sync takes so many ms; at least so many are seen. */
function slowDisk(ms: number, least: number): Promise<Row | undefined> {
  const action = { delay: ms };
  return struck([
    { call: "fdatasync", path: "/data/", times: Infinity, action },
    { call: "fsync", path: "/data/", times: Infinity, action },
  ], (ends, hits) => {
    assertEquals(ends, []);
    assertGreater(hits, least);
    return `${hits} slow syncs`;
  });
}

scenario("a slow disk, 50 ms a sync", { shows: ["P1", "P2", "P3", "P4"] }, () => slowDisk(50, 10));

scenario("a slow disk, 500 ms a sync", { shows: ["P1", "P2", "P3", "P4"] }, () => slowDisk(500, 3));

scenario("a checkpoint cannot be written for a while", { shows: ["P2", "P3", "P4"] }, () => {
  const path = "/data/checkpoint/";
  return struck(
    [{ call: "fdatasync", path, times: 4, action: { error: "EIO" } }],
    (ends, hits) => `${hits} failed syncs, ${ends.length} ends`,
  );
});

scenario("a checkpoint cannot be renamed, then its folder not synced", { shows: ["P2", "P3"] }, () => {
  return struck([
    { call: "rename", path: "/data/checkpoint/", times: 2, action: { error: "EIO" } },
    { call: "fsync", path: "/data/checkpoint", times: 2, action: { error: "EIO" } },
  ], (ends, hits) => `${hits} failed calls, ${ends.length} ends`);
});

scenario("trimming fails", { shows: ["P2", "P3", "P4"] }, async () => {
  const buffer = { max_bytes: "16MiB", checkpoint: { after_bytes: "64KiB", at_most: "1s" } };
  await using opened = await open({ load: { each: 600, pace: 6_000 }, config: { buffer } });
  if (opened === undefined) return;
  const { stand, shim } = opened;
  await shim.strike({ call: "unlink", path: "/data/inbox/", times: 3, action: { error: "EIO" } });
  await stand.load.publish(stand.share);
  await until("a trim has failed", async () => (await shim.hits()).length >= 3, {
    timeout: 60_000,
    every: 50,
  });
  await shim.strike();
  return await stand.accounted("what cannot be unlinked stays and goes later");
});

scenario("the outbox cannot be written while the database is away", { shows: ["P2", "P3"] }, async () => {
  await using opened = await open({ load: { each: 400 } });
  if (opened === undefined) return;
  const { stand, shim } = opened;
  await using supervisor = new Supervisor(stand.gateway);
  stand.databaseLine.set("refuse");
  stand.databaseLine.cut();
  await shim.strike({ call: "write", path: "/data/outbox/", times: 20, action: { error: "EIO" } });
  await stand.load.publish(stand.share);
  await until("the outbox was to be written", async () => (await shim.hits()).length >= 2, {
    timeout: 60_000,
    every: 50,
  });
  await shim.strike();
  stand.databaseLine.set("pass");
  stand.faultOver();
  const row = await stand.accounted();
  return { ...row, note: `${(await shim.hits()).length} failed writes, ${supervisor.ends.length} ends` };
});
