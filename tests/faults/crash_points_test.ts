/** `kill -9` at the named points of the way to the disk, by a rule for the n-th system call of a kind. */
import { assert } from "@std/assert";
import { SyscallShim } from "../support/syscall_shim.ts";
import { deathAt, type Row, scenario, Stand, struckDead } from "./kit/mod.ts";

type Death = ReturnType<typeof deathAt>;

/** Kills the gateway at each of these calls, one after the other under one load, and sees that nothing is lost. */
async function killedAt(deaths: readonly Death[], note: string): Promise<Row | undefined> {
  await using shim = await SyscallShim.make();
  if (shim === undefined) return;
  await using stand = await Stand.open(11, {
    env: shim.env,
    load: { each: 100 * deaths.length + 10 },
    config: { buffer: { max_bytes: "16MiB", checkpoint: { after_bytes: "128KiB", at_most: "1s" } } },
  });
  if (stand === undefined) return;
  for (const [n, death] of deaths.entries()) {
    await shim.strike(death);
    const publishing = stand.load.publish(Math.round(stand.share * (n + 1) / deaths.length));
    await struckDead(stand.gateway, shim);
    await stand.gateway.start();
    await publishing;
  }
  const hits = await shim.hits();
  assert(hits.length === deaths.length, JSON.stringify(hits));
  return await stand.accounted(note);
}

scenario("kill -9 between fdatasync and PUBACK", { shows: ["P1", "P2", "P3"], always: true }, () => {
  return killedAt(
    [1, 4, 9].map((n) => deathAt("fdatasync", "/data/inbox/", n)),
    "after the 2nd, 5th, 10th sync",
  );
});
