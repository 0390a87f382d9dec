/** One at a time, and no endless line. */
import { assertEquals, assertRejects } from "@std/assert";
import { Turns } from "../../../src/gateway/turns.ts";

Deno.test("one goes at a time, in the order in which they came, and too many are turned away", async () => {
  const turns = new Turns(3);
  const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
  const seen: string[] = [];
  const take = (name: string, gate: Promise<void> = Promise.resolve()): Promise<string> | undefined =>
    turns.take(async () => {
      seen.push(`${name} goes`);
      await gate;
      seen.push(`${name} is done`);
      return name;
    });
  const all = gates.map(({ promise }, n) => take(`${n}`, promise));
  assertEquals(take("one more"), undefined);
  gates[1]?.resolve();
  gates[0]?.resolve();
  assertEquals(await all[0], "0");
  const later = take("later");
  gates[2]?.resolve();
  assertEquals(await Promise.all([all[1], all[2], later]), ["1", "2", "later"]);
  assertEquals(seen, ["0", "1", "2", "later"].flatMap((name) => [`${name} goes`, `${name} is done`]));
});

Deno.test("work that fails holds nobody up", async () => {
  const turns = new Turns(2);
  const failing = turns.take(() => Promise.reject(new Error("the disk is gone")));
  const next = turns.take(() => Promise.resolve("read"));
  if (failing !== undefined) await assertRejects(() => failing, Error, "the disk is gone");
  assertEquals(await next, "read");
  assertEquals(await turns.take(() => Promise.resolve("read again")), "read again");
});
