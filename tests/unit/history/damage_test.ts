import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { isDamage, Keeper } from "../../../src/history/keeper.ts";
import { BatchMaker, bucketsOf, named, ROOMY, WALL, withKeeper } from "./history_kit.ts";

const reading = { series: 0, value: 1, ms: WALL };

/** Whether a keeper works in a folder, and why it set something aside. */
function tried(folder: string): { works: boolean; setAside: string | null; position: number } {
  const keeper = new Keeper(folder, ROOMY, WALL);
  try {
    const { setAside, position } = keeper;
    keeper.take(new BatchMaker().batch([reading], 5), WALL);
    keeper.commit(WALL);
    return { works: named(bucketsOf(keeper, [0], 10)).length === 1, setAside, position };
  } finally {
    keeper.abandon();
  }
}

async function folderWith(file: Uint8Array | string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "sluice_history_" });
  const path = `${folder}/history.db`;
  if (typeof file === "string") {
    const database = new DatabaseSync(path);
    database.exec(file);
    database.close();
  } else await Deno.writeFile(path, file);
  return folder;
}

for (
  const [what, file] of [
    ["a file that is no database", new TextEncoder().encode("not a database at all, by far".repeat(400))],
    ["a database of a newer version", "PRAGMA user_version = 99; CREATE TABLE other (a)"],
    ["a database that lacks its tables", "PRAGMA user_version = 1"],
  ] as const
) {
  Deno.test(`${what} is set aside, and there is a new one`, async () => {
    const folder = await folderWith(file);
    try {
      const { works, setAside, position } = tried(folder);
      assert(works && setAside !== null, String(setAside));
      assertEquals(position, 0);
      assert((await Deno.stat(`${folder}/history.db.corrupt`)).isFile);
      // A second time: the former one makes room.
      await Deno.writeTextFile(`${folder}/history.db`, "nonsense ".repeat(1_000));
      assert(tried(folder).works);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("a page that was overwritten is found when it is read, and told from other failures", async () => {
  await withKeeper(async (keeper, folder) => {
    const maker = new BatchMaker();
    for (let n = 0; n < 3_000; n++) {
      keeper.take(maker.batch([{ ...reading, ms: WALL - n * 10_000 }], n + 1), WALL);
    }
    keeper.commit(WALL);
    keeper.answer({ kind: "limit", bytes: 1_000, wall: WALL - 40 * 86_400_000 });
    const path = `${folder}/history.db`;
    const bytes = await Deno.readFile(path);
    for (let page = 2; page * 4_096 < bytes.length; page++) {
      bytes.fill(0xa5, page * 4_096, page * 4_096 + 4_096);
    }
    await Deno.writeFile(path, bytes);
    let found: unknown;
    try {
      const again = new Keeper(folder, ROOMY, WALL);
      try {
        bucketsOf(again, [0], 10);
        again.commit(WALL);
      } finally {
        again.abandon();
      }
      if (again.setAside !== null) return;
    } catch (error) {
      found = error;
    }
    assert(isDamage(found), String(found));
  });
  assert(!isDamage(new Error("database or disk is full")));
  assert(!isDamage(new Error("unable to open database file")));
});
